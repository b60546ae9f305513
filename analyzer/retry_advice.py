"""What the evidence says of a state's Retry after one error: keep it, shorten it, drop it, or add one."""

from __future__ import annotations

from typing import Any, NamedTuple

from analyzer.definition import State
from analyzer.retriers import TRANSIENT_SERVICE, retrier_for, retry_json, with_attempts
from analyzer.retry_yield import NO_STEP, RetryYield, Step
from analyzer.transience import is_transient

FEWEST = 20
"""Retries of which none succeeded before it is said that none will: then at most 14 of 100 would, in 95 of 100 cases
(0.05 ** (1 / 20) = 0.86)."""

FEWEST_VISITS = 3
"""Failures before it is advised to retry an error that never was."""

WORTH = 0.02
"""The share of the retries of one number that has to succeed for that number to be worth its price."""


class RetryEvidence(NamedTuple):
    """One error of one state: what its retries brought, and the state as it is defined, where that is known."""

    error: str
    gained: RetryYield
    state: State | None


class Advice(NamedTuple):
    """A verdict with its sentence, the Retry as it is and as suggested, and what the suggestion would have changed."""

    verdict: str
    sentence: str
    now: str | None = None
    suggested: str | None = None
    spared: Step = NO_STEP

    def cells(self) -> dict[str, Any]:
        """The columns of `retry_economics` that say it."""
        return {
            "verdict": self.verdict,
            "advice": self.sentence,
            "retry_now": self.now,
            "retry_suggested": self.suggested,
            "saved_usd": self.spared.usd,
            "saved_ms": self.spared.ms + self.spared.backoff_ms,
            "lost_visits": self.spared.recovered,
        }


def advice(evidence: RetryEvidence) -> Advice:
    """What to do with the Retry after this error."""
    if evidence.gained.retried:
        return _of_retried(evidence)
    return _of_unretried(evidence)


def _of_unretried(evidence: RetryEvidence) -> Advice:
    visits, now = evidence.gained.visits, _now(evidence)
    if not is_transient(evidence.error) or visits < FEWEST_VISITS:
        return Advice("unretried", f"Never retried in {_visits(visits)}; nothing says that it should be.", now)
    said = f"Never retried in {_visits(visits)}, and its name says that it may pass: retry it."
    return Advice("retry", said, now, _suggested(evidence, TRANSIENT_SERVICE.max_attempts))


def _of_retried(evidence: RetryEvidence) -> Advice:
    gained, now = evidence.gained, _now(evidence)
    every, last = gained.after(0), _last_worth(gained)
    if last == 0 and every.tries < FEWEST:
        return Advice("unclear", f"None of {every.tries:,} retries succeeded: too few to say that none will.", now)
    spared = gained.after(last)
    if spared.tries < FEWEST:
        said = f"{gained.recovered:,} of {_visits(gained.retried)} retried recovered: it pays."
        return Advice("keep", said, now)
    block = _suggested(evidence, last)
    if last == 0:
        return Advice("never", f"{_yield(every)}: do not retry it.", now, block, spared)
    said = f"After {last} {'retry' if last == 1 else 'retries'} hardly any helps: {_yield(spared)}."
    return Advice("stop_earlier", said, now, block, spared)


def _last_worth(gained: RetryYield) -> int:
    """The last retry of which enough succeed; 0 when there is none."""
    worth = [n for n, step in enumerate(gained.steps) if n and step.tries and step.recovered >= WORTH * step.tries]
    return max((n for n in worth if gained.steps[n].recovered), default=0)


def _yield(step: Step) -> str:
    return f"{step.recovered:,} of {step.tries:,} such retries succeeded"


def _visits(number: int) -> str:
    return f"{number:,} {'visit' if number == 1 else 'visits'}"


def _now(evidence: RetryEvidence) -> str | None:
    return retry_json(evidence.state.retriers) if evidence.state is not None else None


def _suggested(evidence: RetryEvidence, max_attempts: int) -> str | None:
    """The block with so many retries; without a definition only the entry for this error."""
    retriers = evidence.state.retriers if evidence.state is not None else ()
    if not evidence.error or (retrier_for(retriers, evidence.error) is None and not max_attempts):
        return None
    return retry_json(with_attempts(retriers, evidence.error, max_attempts))
