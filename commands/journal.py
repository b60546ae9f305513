"""What a collector that nobody watches says: a line after each pass, as text or as JSON for a log that is searched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commands.session import Session
from commands.wording import duration, iso_time

if TYPE_CHECKING:
    from collectors.job import PassResult

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)


@dataclass(frozen=True)
class Journal:
    """Lines about passes. As JSON, each line is an object with `time`, `event` and what belongs to it."""

    session: Session
    format: str = TEXT

    def passed(self, result: PassResult, began_at: int, next_at: int | None) -> None:
        """The health line of a pass, and below it what was missed."""
        ended_at = self.session.clock()
        if self.format == JSON:
            self._line("pass", **health(result, began_at, ended_at, next_at))
            return
        self.session.say(result.sentence)
        for problem in result.problems:
            self.session.tell(f"missed: {problem}")
        self.session.say(health_line(result, ended_at, ended_at - began_at, next_at))

    def note(self, event: str, sentence: str, *, is_answer: bool = False) -> None:
        """Something else that happened, in a sentence."""
        if self.format == JSON:
            self._line(event, message=sentence)
        elif is_answer:
            self.session.say(sentence)
        else:
            self.session.tell(sentence)

    def _line(self, event: str, **more: Any) -> None:
        line = {"time": iso_time(self.session.clock()), "event": event, **more}
        self.session.say(json.dumps(line, ensure_ascii=False))


def health(result: PassResult, began_at: int, ended_at: int, next_at: int | None) -> dict[str, Any]:
    """What there is to say of a pass, for a machine to read; `calls` by operation, times in ISO 8601."""
    counts = ("machines", "listed", "saved", "missed", "throttled")
    return {
        "pass": result.pass_id,
        "outcome": result.outcome,
        "message": result.sentence,
        "problems": list(result.problems),
        **{name: getattr(result, name) for name in counts},
        "calls": dict(sorted(result.calls.items())),
        "began_at": iso_time(began_at),
        "duration_ms": ended_at - began_at,
        "next_at": iso_time(next_at),
    }


def health_line(result: PassResult, ended_at: int, took_ms: int, next_at: int | None) -> str:
    """`2026-…Z pass 7 complete in 3.2 s, 14 calls, 0 throttled; next at 2026-…Z`."""
    calls = f"{result.calls.total():,} calls, {result.throttled:,} throttled"
    following = f"; next at {iso_time(next_at)}" if next_at is not None else ""
    return f"{iso_time(ended_at)} pass {result.pass_id} {result.outcome} in {duration(took_ms)}, {calls}{following}"
