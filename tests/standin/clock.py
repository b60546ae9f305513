"""Time inside the stand-in: waits that pass quicker, and a clock that may run as quick as they do."""

from __future__ import annotations

import datetime as dt
import threading
import time
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions import models
from moto.stepfunctions.parser import models as parser_models
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import map_run_record
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import wait_function
from moto.stepfunctions.parser.asl.eval.event import event_manager
from moto.stepfunctions.parser.backend import execution


class Clock:
    """Now, `speed` times as quick as real time, in whole milliseconds as AWS gives them."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.shown = self.since = time.time()

    def time(self) -> float:
        """Epoch seconds."""
        return self.shown + (time.time() - self.since) * self.speed

    def run_at(self, speed: float) -> None:
        """Goes on from now at another speed; it never goes back."""
        self.shown, self.since, self.speed = self.time(), time.time(), speed

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(int(self.time() * 1000) / 1000, dt.UTC)


def hurry(speed: float) -> None:
    """Makes every sleep and every timed wait of this process `speed` times shorter."""
    clock: Any = time
    sleep, wait, join = clock.sleep, threading.Condition.wait, threading.Thread.join

    def shorter(timeout: float | None) -> float | None:
        return None if timeout is None else timeout / speed

    patched: Any = threading
    clock.sleep = lambda duration: sleep(duration / speed)
    patched.Condition.wait = lambda self, timeout=None: wait(self, shorter(timeout))
    patched.Thread.join = lambda self, timeout=None: join(self, shorter(timeout))


def tell_time(clock: Clock, waits: Clock) -> None:
    """Makes the interpreter date its events by `clock`, and measure its waits by `waits`."""
    module: Any
    for module in (parser_models, state, map_run_record, event_manager, execution):
        module.datetime = _datetime_module(clock)
    for module, name, value in (
        (models, "utcnow", lambda: clock.now().replace(tzinfo=None)),
        (wait_function, "time", SimpleNamespace(time=waits.time)),
    ):
        setattr(module, name, value)


def _datetime_module(clock: Clock) -> SimpleNamespace:
    """The `datetime` module with a `now()` of our own."""

    class Datetime(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return clock.now().astimezone(tz)

    return SimpleNamespace(datetime=Datetime, timezone=dt.timezone, timedelta=dt.timedelta)
