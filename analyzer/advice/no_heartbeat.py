"""Callbacks and activities whose worker may be gone."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times

WAITING = ("callback", "activity")


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Tasks that wait for someone to answer, without HeartbeatSeconds; timeouts and stuck attempts are the evidence."""
    for machine, state in evidence.states():
        if state.task is None or state.task.has_heartbeat or state.pattern not in WAITING:
            continue
        use = evidence.use(machine, state.name)
        late = sum(error.failures for error in evidence.errors(machine, state.name) if error.error in TIMEOUTS)
        lost = late + use.stuck
        said = f"{times(lost, 'attempt')} of {use.attempts:,} timed out or have been waiting for more than a day."
        yield Hint(machine, state.name, "medium" if lost else "info", said, lost, use.attempts)


TIMEOUTS = ("States.Timeout", "States.HeartbeatTimeout")

RULE = Rule(
    question="Is a worker that died noticed?",
    threshold="one attempt that timed out or has been waiting for more than a day",
    why="Without a heartbeat a lost callback or a dead worker is noticed only when the whole timeout is over.",
    fix="Set HeartbeatSeconds below TimeoutSeconds and let the worker call SendTaskHeartbeat.",
    hints=hints,
)
