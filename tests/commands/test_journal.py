from __future__ import annotations

import json
from collections import Counter

import pytest

from collectors.job import PassResult
from commands.journal import JSON, Journal, health_line
from commands.session import Session
from tests.commands.running import NOW

RESULT = PassResult(
    7, "partial", "2 machines", ("no \x1b[31m",), 2, 5, 4, 1, Counter(ListExecutions=2, DescribeMapRun=1), 3
)


@pytest.fixture
def session() -> Session:
    return Session(lambda: NOW + 3_200)


def test_as_text_the_health_stands_below_what_was_done(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    Journal(session).passed(RESULT, NOW, NOW + 300_000)
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "2 machines",
        "2026-10-03T04:00:03.200Z pass 7 partial in 3.20 s, 3 calls, 3 throttled; next at 2026-10-03T04:05:00.000Z",
    ]
    assert said.err == "missed: no \ufffd[31m\n"


def test_as_json_it_is_one_object(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    Journal(session, JSON).passed(RESULT, NOW, None)
    assert json.loads(capsys.readouterr().out) == {
        "time": "2026-10-03T04:00:03.200Z",
        "event": "pass",
        "pass": 7,
        "outcome": "partial",
        "message": "2 machines",
        "problems": ["no \x1b[31m"],
        "machines": 2,
        "listed": 5,
        "saved": 4,
        "missed": 1,
        "throttled": 3,
        "calls": {"DescribeMapRun": 1, "ListExecutions": 2},
        "began_at": "2026-10-03T04:00:00.000Z",
        "duration_ms": 3_200,
        "next_at": None,
    }


def test_one_pass_says_nothing_of_a_next() -> None:
    assert health_line(RESULT, NOW, 0, None).endswith("3 throttled")


def test_a_note_is_an_answer_or_beside_it(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(session)
    journal.note("folded", "folded 1 day", is_answer=True)
    journal.note("clock", "set back")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("folded 1 day\n", "set back\n")
    Journal(session, JSON).note("clock", "set back")
    assert json.loads(capsys.readouterr().out)["message"] == "set back"
