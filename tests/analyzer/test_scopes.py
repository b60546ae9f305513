from __future__ import annotations

from analyzer.attempt_rows import AttemptRow
from analyzer.scopes import Scopes, scopes_of
from tests.analyzer.histories import answers, recorded
from tests.analyzer.test_critical_path import PARALLEL

LINEAR = "1<-0 ExecutionStarted\n2<-0 PassStateEntered A\n3<-2 PassStateExited A\n4<-3 ExecutionSucceeded"


def scopes(text: str) -> Scopes | None:
    rows = answers(recorded(text)).attempts
    return scopes_of([AttemptRow(**{name: row[name] for name in AttemptRow._fields}) for row in rows])


def test_states_that_only_follow_each_other_need_no_scopes() -> None:
    assert scopes(LINEAR) is None


def test_branches_stand_beside_each_other_within_their_container() -> None:
    found = scopes(PARALLEL)
    assert found is not None
    start = min(found.begin)
    assert found.of_row == [0, 1, 2, 0]
    assert found.parent == [-1, 0, 0]
    assert [begin - start for begin in found.begin] == [0, 10, 10]
    assert [end - start for end in found.end] == [800, 510, 100]
    assert found.is_own == [True, True, True]
    assert found.is_iteration == [False, False, False]
    assert found.rank[2] < found.rank[1], "Quick comes before Slow, whatever came first in the history"


def test_a_branch_that_is_still_open_has_no_end() -> None:
    found = scopes("\n".join(PARALLEL.strip().splitlines()[:10]))
    assert found is not None
    assert found.end[1] == -1
    assert not found.is_own[1]
