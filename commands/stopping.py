"""A collector that is told to end: by Ctrl-C, or by SIGTERM from systemd, a container or a shell."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from store.errors import StepscopeError

TERMINATED = 128 + signal.SIGTERM
"""What a shell reports of a program that SIGTERM ended: 143."""


class TerminatedError(StepscopeError):
    """SIGTERM ended it in the middle of a pass."""

    exit_code = TERMINATED

    def __init__(self) -> None:
        super().__init__("told to end in the middle of a pass", "What was read is kept, and the next pass goes on.")


class Stop:
    """Whether SIGTERM has come. It ends what is under way as Ctrl-C does, once; what is being written is finished."""

    def __init__(self) -> None:
        self.is_told = False

    def __call__(self) -> bool:
        """Whether it has come."""
        return self.is_told

    def _told(self, number: int, frame: FrameType | None) -> None:
        del frame
        signal.signal(number, signal.SIG_IGN)  # a second one must not cut short how the first one is obeyed
        self.is_told = True
        raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stop]:
    """While it lasts, SIGTERM is heard."""
    stop = Stop()
    before = signal.signal(signal.SIGTERM, stop._told)  # noqa: SLF001 -- its own
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def ends_as_told(stop: Stop) -> Iterator[None]:
    """Ctrl-C stays Ctrl-C; what SIGTERM interrupted ends with a code of its own."""
    try:
        yield
    except KeyboardInterrupt:
        if stop.is_told:
            raise TerminatedError from None
        raise
