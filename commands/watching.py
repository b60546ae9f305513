"""What a repeated collector does between its passes: it sleeps or, where targets have queues, listens to them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from commands.passes import Passes
from store.errors import AwsError

if TYPE_CHECKING:
    from collectors.sessions import Target

AFTER_REFUSAL_S = 60.0
"""How long a queue that refused is left alone: it would refuse again, and each call costs."""


def between(passes: Passes, seconds: float) -> None:
    """Wait so long for the next pass; changes of status that come meanwhile are taken into the store at once."""
    passes.wait_noted(seconds)
    listening = [target for target in passes.targets if target.queue]
    if not listening:
        time.sleep(seconds)
        return
    listen(passes, listening, seconds, time.sleep, time.monotonic)


def listen(
    passes: Passes,
    targets: list[Target],
    seconds: float,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> None:
    """Poll the queues of these targets in turn for so many seconds; one that refuses is left alone for a while."""
    from collectors.sources.sqs import LONG_POLL_S, received

    end = clock() + seconds
    while (left := end - clock()) > 0:
        for target in targets:
            wait_s = max(1, min(LONG_POLL_S, int(left)) // len(targets))
            try:
                messages = received(passes.connect(target).api, str(target.queue), wait_s)
            except AwsError as error:
                passes.journal.note("queue", f"{error.sentence}. The next pass lists what it would have told.")
                sleep(min(AFTER_REFUSAL_S, max(0.0, end - clock())))
                continue
            if messages:
                passes.take(target, messages)
                passes.wait_noted(max(0.0, end - clock()))
