from __future__ import annotations

import json
from pathlib import Path

import pytest

from store.schema import ATTEMPTS, EXECUTIONS
from tests.commands.dumps import ARN, DUMPS, FAILED, SUCCEEDED, dump, event, written
from tests.commands.running import done, ran, refusal

EXPECTED = """\
✗ FAILED  orders  order-2
execution   arn:aws:states:us-east-1:111122223333:execution:orders:order-2
started     2026-10-01T00:00:00.000Z, took 5.18 s
error       OrderFailed: the order failed
root state  Charge; the execution ended in Order failed
counts      4 attempts, 1 retry, 1 failure caught
billed      4 transitions, $0.0001
history     complete, 16 events

state                        outcome               queue     run       cost
Validate Task lambda:invoke  ✓ succeeded            5 ms   95 ms  $0.000025
Charge Task lambda:invoke
├ attempt 1                  ✗ timed out, retried   5 ms  3.00 s  $0.000025
│   States.Timeout
└ retry 1 after 2.00 s       ✗ failed, caught       5 ms   65 ms  $0.000025
    CardDeclined: no [bold]money[/bold]
Order failed Fail            ✗ failed                       0 ms  $0.000025
  OrderFailed: the order failed
"""


def without_price(text: str) -> str:
    """The text without its line about the price, which changes whenever prices are checked."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("price "))


@pytest.mark.parametrize("name", ["order-2", f"{ARN}order-2"])
def test_an_execution_is_a_header_and_a_tree(imported: Path, name: str) -> None:
    text = done(ran("show", name, "--store", imported))
    assert without_price(text) == EXPECTED
    assert "price       estimate: list price" in text


def test_json_has_the_rows_of_both_tables_with_their_causes(imported: Path) -> None:
    found = json.loads(done(ran("show", "order-2", "--store", imported, "--json")))
    execution, attempts = found["execution"], found["attempts"]
    assert list(execution) == [*(column.name for column in EXECUTIONS if column.exported), "cause"]
    assert list(attempts[0]) == [*(column.name for column in ATTEMPTS if column.exported), "cause"]
    assert (execution["started_at"], execution["transitions"]) == ("2026-10-01T00:00:00.000Z", 4)
    assert [row["event_id"] for row in attempts] == [3, 8, 11, 15]
    assert [row["cause"] for row in attempts][2] == '{"errorMessage": "no [bold]money[/bold]"}'


def test_what_is_not_folded_yet_shows(tmp_path: Path) -> None:
    done(ran("import", written(tmp_path), "--store", tmp_path / "store"))
    for path in (tmp_path / "store" / "facts").rglob("*.parquet"):
        path.unlink()
    assert "✓ SUCCEEDED  orders  order-1" in done(ran("show", "order-1", "--store", tmp_path / "store"))


def test_an_unknown_name_is_a_sentence(imported: Path) -> None:
    assert "holds no execution 'nope'" in refusal(ran("show", "nope", "--store", imported), 1)


def test_a_name_of_several_lists_them(tmp_path: Path) -> None:
    other = ARN.replace("orders", "refunds")
    file = written(tmp_path, *DUMPS, dump("order-1", SUCCEEDED, other))
    done(ran("import", file, "--store", tmp_path / "store"))
    said = refusal(ran("show", "order-1", "--store", tmp_path / "store"), 2)
    assert f"{ARN}order-1\n" in said
    assert f"{other}order-1\n" in said


def test_names_and_causes_are_text_and_never_obeyed(tmp_path: Path) -> None:
    state, cause = "[red]x\x1b]0;title\x07[/red]", "\x1b[2J\u202e:boom:"
    events = [
        event(1, 0, 0, "ExecutionStarted"),
        event(2, 0, 1, "FailStateEntered", name=state),
        event(3, 2, 1, "ExecutionFailed", error="[link=x]e", cause=cause),
    ]
    done(ran("import", written(tmp_path, dump("order-9", events)), "--store", tmp_path / "store"))
    text = done(ran("show", "order-9", "--store", tmp_path / "store"))
    assert "[red]x\ufffd]0;title\ufffd[/red] Fail" in text
    assert "[link=x]e: \ufffd[2J\ufffd:boom:" in text
    assert "\x1b" not in text
    told = done(ran("show", "order-9", "--store", tmp_path / "store", "--json"))
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
    found = json.loads(told)["attempts"][0]
    assert (found["state"], found["cause"]) == (state, cause)


def test_a_history_without_its_end_says_so(tmp_path: Path) -> None:
    done(ran("import", written(tmp_path, dump("order-3", FAILED[:9])), "--store", tmp_path / "store"))
    text = done(ran("show", "order-3", "--store", tmp_path / "store"))
    assert "cut, 9 events: its end is missing" in text
    assert "Charge Task lambda:invoke    … running" in text


def test_an_execution_of_which_only_the_listing_is_known_has_no_tree(sample: Path) -> None:
    text = done(ran("show", "refund-3161", "--store", sample))
    assert text.startswith("… RUNNING  refund-approval  refund-3161\n")
    assert "it still runs" in text
    assert "outcome" not in text
