from __future__ import annotations

from pathlib import Path

from tests.commands.running import done, ran, refusal
from tests.standin.handle import Standin

# The clock of these tests stands at 2026-10-03T04:00Z.
USAGE = [{"day": "2026-09-29", "region": "us-east-1", "usage_type": "USE1-StateTransition", "quantity": 9}]


def options(standin: Standin, store: Path) -> tuple[object, ...]:
    return ("billing", "--since", "2026-09-28", "--endpoint-url", standin.endpoint, "--store", store)


def test_the_price_is_said_before_anything_is_asked_and_no_is_no(standin: Standin, tmp_path: Path) -> None:
    result = ran(*options(standin, tmp_path), given="n\n")
    assert "1 request at least for 5 days, 0.01 USD" in result.stderr
    assert done(result) == ""
    assert standin.asked() == {}


def test_settled_days_are_not_asked_for_twice(standin: Standin, tmp_path: Path) -> None:
    standin.bill(USAGE)
    words = options(standin, tmp_path)
    assert done(ran(*words, "--yes")) == "5 days of usage, by 1 request: 0.01 USD\n"
    # The two days that had ended three days before, and the one that AWS calls final, are settled.
    assert "3 days of usage" in done(ran(*words, "--yes"))
    later = 1_791_000_000_000 + 10 * 86_400_000
    done(ran(*words, "--yes", now=later))
    assert done(ran(*words, "--yes", now=later)).startswith("3 days")
    assert standin.asked() == {"GetCostAndUsage": 4}


def test_a_span_without_a_whole_day_is_misuse(tmp_path: Path) -> None:
    refusal(ran("billing", "--since", "2026-10-03", "--yes", "--store", tmp_path), 2)


def test_reports_compare_the_bill(standin: Standin, imported: Path, tmp_path: Path) -> None:
    done(ran("report", "reconciliation", "counting_rule", "--store", imported, "--out", tmp_path))
    assert "no bill is known for this day" in (tmp_path / "reconciliation.csv").read_text()
