"""What the retries after one error of one state brought, attempt by attempt."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd


class Step(NamedTuple):
    """All attempts of one number: how many, how many of them succeeded, what they took."""

    tries: int
    recovered: int
    given_up: int
    ms: int
    backoff_ms: int
    usd: float | None


NO_STEP = Step(0, 0, 0, 0, 0, 0.0)


class RetryYield(NamedTuple):
    """The attempts of the visits that failed first: `steps[0]` are the first attempts, `steps[1]` the first retries."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, group: pd.DataFrame) -> RetryYield:
        """The yield of rows with `attempt`, `tries`, `recovered`, `given_up`, `ms`, `backoff` and `usd`."""
        rows: list[Any] = list(group.itertuples(index=False))
        found = {
            int(row.attempt): Step(
                int(row.tries),
                int(row.recovered),
                int(row.given_up),
                int(row.ms),
                int(row.backoff),
                None if pd.isna(row.usd) else float(row.usd),
            )
            for row in rows
        }
        return cls(tuple(found.get(number, NO_STEP) for number in range(1, max(found) + 1)))

    @property
    def visits(self) -> int:
        """Visits whose first attempt failed."""
        return self.steps[0].tries

    @property
    def retried(self) -> int:
        """Visits that had a second attempt."""
        return self.steps[1].tries if len(self.steps) > 1 else 0

    @property
    def recovered(self) -> int:
        """Visits that succeeded in the end."""
        return sum(step.recovered for step in self.steps[1:])

    def after(self, retries: int) -> Step:
        """All retries behind so many, together."""
        late = self.steps[1 + retries :]
        usd = [step.usd for step in late]
        known = [one for one in usd if one is not None]
        return Step(
            sum(step.tries for step in late),
            sum(step.recovered for step in late),
            sum(step.given_up for step in late),
            sum(step.ms for step in late),
            sum(step.backoff_ms for step in late),
            sum(known) if len(known) == len(usd) else None,
        )

    def cells(self) -> dict[str, Any]:
        """The columns of `retry_economics` that say it."""
        every = self.after(0)
        return {
            "visits": self.visits,
            "visits_retried": self.retried,
            "visits_recovered": self.recovered,
            "retries_by_attempt": " ".join(str(step.tries) for step in self.steps[1:]) or None,
            "recovered_by_attempt": " ".join(str(step.recovered) for step in self.steps[1:]) or None,
            "retries_in_vain": every.tries - every.recovered,
            "retry_usd": every.usd,
            "retry_ms": every.ms,
            "backoff_ms": every.backoff_ms,
        }
