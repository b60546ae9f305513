from __future__ import annotations

from dashboard.figures.issues import executions_of_issues
from tests.dashboard.answered import answered


def test_each_issue_has_a_bar_of_the_executions_it_hit_by_outcome() -> None:
    issues = answered("issues")
    bars = {bar.name: sum(bar.x) for bar in executions_of_issues(issues).data}
    assert bars == {"ended the run": 3, "caught": 1}
    assert (issues["ended"].sum(), issues["caught"].sum()) == (3, 1)
