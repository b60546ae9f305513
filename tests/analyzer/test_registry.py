"""What holds for every analysis, the ones to come included; and how they are found and narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
import pyarrow as pa
import pytest

from analyzer.conditions import condition
from analyzer.frames import plain_type
from analyzer.prices import bundled_prices
from analyzer.registry import Analysis, Facts, analyses, analysis_named, analysis_names
from analyzer.window import Window
from store.errors import MisuseError
from store.quantiles import Table
from tests.analyzer.rows import DAY, OCTOBER, Rows, answer, attempts, executions, on_duckdb, on_pandas, picked
from tests.analyzer.worlds import world

EVERY = pytest.mark.parametrize("analysis", analyses().values(), ids=analysis_names())
SUMMARIES = [name for name, analysis in analyses().items() if not analysis.is_export]
SEEDS = range(3)
DTYPES = {pa.string(): "string", pa.int64(): "Int64", pa.float64(): "Float64", pa.bool_(): "boolean"}


def facts_of(rows: tuple[Rows, Rows], engine: Callable[[pa.Table], Table] = on_duckdb) -> Facts:
    return Facts(engine(executions(rows[0])), engine(attempts(rows[1])), prices=bundled_prices())


# Every analysis


@EVERY
def test_its_question_is_a_question(analysis: Analysis) -> None:
    assert analysis.question.endswith("?")
    assert "|" not in analysis.question


@EVERY
def test_it_has_a_name_that_finds_it(analysis: Analysis) -> None:
    assert analysis_named(analysis.name) == analysis


@EVERY
@pytest.mark.parametrize("rows", [world(1), ([], [])], ids=["some", "none"])
def test_it_has_the_declared_columns_and_types(analysis: Analysis, rows: tuple[Rows, Rows]) -> None:
    for engine in (on_pandas, on_duckdb):
        frame = analysis.run(facts_of(rows, engine))
        assert list(frame.columns) == [column.name for column in analysis.columns]
        assert [str(kind) for kind in frame.dtypes] == [DTYPES[plain_type(column)] for column in analysis.columns]


@EVERY
def test_nothing_in_nothing_out(analysis: Analysis) -> None:
    assert analysis.run(facts_of(([], []))).empty


@EVERY
def test_it_leaves_its_input_alone(analysis: Analysis) -> None:
    facts = facts_of(world(2), on_pandas)
    before = [table.collect().to_native().copy() for table in (facts.executions, facts.attempts)]
    analysis.run(facts)
    after = [table.collect().to_native() for table in (facts.executions, facts.attempts)]
    for old, new in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(old, new)


@pytest.mark.parametrize("seed", SEEDS)
@EVERY
def test_pandas_and_duckdb_agree(analysis: Analysis, seed: int) -> None:
    first, second = (analysis.run(facts_of(world(seed), engine)) for engine in (on_pandas, on_duckdb))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_order_of_the_rows_does_not_matter(name: str) -> None:
    rows = world(3)
    turned = rows[0][::-1], rows[1][::-1]
    first, second = (analysis_named(name).run(facts_of(given)) for given in (rows, turned))
    pd.testing.assert_frame_equal(first, second)


# Sums


def total(name: str, column: str, rows: tuple[Rows, Rows]) -> float:
    return float(analysis_named(name).run(facts_of(rows))[column].sum())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("transitions", ["cost_by_machine", "cost_by_state", "executions_by_day", "cost_by_month"]),
        ("executions", ["cost_by_machine", "executions_by_day", "cost_by_month"]),
        ("attempts", ["cost_by_state", "executions_by_day"]),
        ("retries", ["retry_rates", "executions_by_day"]),
    ],
)
def test_summaries_add_up_to_the_executions(seed: int, column: str, names: list[str]) -> None:
    rows = world(seed)
    expected = len(rows[0]) if column == "executions" else sum(row[column] for row in rows[0])
    assert {name: total(name, column, rows) for name in names} == dict.fromkeys(names, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_costs_add_up_by_machine_by_state_and_by_day(seed: int) -> None:
    rows = world(seed)
    standard = [row for row in rows[0] if row["type"] == "STANDARD"], rows[1]
    by_machine = total("cost_by_machine", "cost_usd", standard)
    assert by_machine > 0
    assert total("cost_by_state", "cost_usd", standard) == pytest.approx(by_machine)
    assert total("executions_by_day", "cost_usd", standard) == pytest.approx(by_machine)
    assert total("cost_by_month", "standard_cost_usd", standard) == pytest.approx(by_machine)
    for part in ("retry_cost_usd", "failure_cost_usd"):
        assert total("cost_by_state", part, standard) == pytest.approx(total("cost_by_machine", part, standard))
    assert total("retry_rates", "retry_cost_usd", standard) == pytest.approx(
        total("cost_by_machine", "retry_cost_usd", standard)
    )
    assert total("failure_hotspots", "cost_usd", standard) == pytest.approx(
        total("cost_by_machine", "failure_cost_usd", standard)
    )


# Finding


def test_a_name_that_no_report_has_is_refused_with_the_names_that_are() -> None:
    with pytest.raises(MisuseError) as raised:
        analysis_named("colours")
    assert raised.value.sentence == "There is no report `colours`."
    assert all(name in raised.value.hint for name in analysis_names())


# Narrowing

RUNS = [
    {"machine": "orders", "status": "FAILED", "duration_ms": 5_000, "started_at": OCTOBER},
    {"machine": "orders", "status": "SUCCEEDED", "duration_ms": 9_000, "started_at": OCTOBER + DAY},
    {"machine": "billing", "status": "FAILED", "duration_ms": 9_000, "started_at": OCTOBER + DAY},
]
TRIES = [
    {
        "execution_id": number,
        "machine": run["machine"],
        "execution_status": run["status"],
        "execution_started_at": run["started_at"],
        "outcome": "failed",
        "error": f"E{number}",
        "resource": "lambda:invoke" if number == 1 else "sqs:sendMessage",
    }
    for number, run in enumerate(RUNS, start=1)
]


def errors(where: Iterable[str]) -> list[str]:
    rows = answer("failure_hotspots", executions=RUNS, attempts=TRIES, where=where)
    return sorted(row["error"] for row in rows)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ([], ["E1", "E2", "E3"]),
        (["machine=orders"], ["E1", "E2"]),
        (["failures>1"], []),
        (["resource=lambda:invoke"], ["E1"]),
        (["status=FAILED"], ["E1", "E3"]),
        (["duration_ms>5000"], ["E2", "E3"]),
        (["duration_ms>5000", "status=FAILED", "resource!=lambda:invoke"], ["E3"]),
        (["started_at=2026-10-01"], []),
    ],
)
def test_a_condition_narrows_the_answer_or_else_the_facts(where: list[str], expected: list[str]) -> None:
    assert errors(where) == expected


def test_a_condition_on_the_answer_leaves_its_shares_alone() -> None:
    [row] = answer("failure_hotspots", executions=RUNS, attempts=TRIES, where=["error=E1"])
    assert row["failure_share"] == pytest.approx(1 / 3)


def test_a_condition_on_executions_narrows_their_attempts_too() -> None:
    rows = answer("cost_by_machine", executions=RUNS, attempts=TRIES, where=["duration_ms>5000"])
    assert sorted(picked(rows, "machine", "executions", "failure_cost_usd")) == [
        ("billing", 1, 0.000025),
        ("orders", 1, 0.000025),
    ]


@pytest.mark.parametrize("name", ["failure_hotspots", "cost_by_machine", "executions", "attempts"])
@pytest.mark.parametrize("text", ["colour=red", "execution_id=1", "is_root=true"])
def test_an_unknown_column_is_refused_with_the_columns_that_are(name: str, text: str) -> None:
    analysis = analysis_named(name)
    with pytest.raises(MisuseError) as raised:
        analysis.check([condition(text)])
    assert raised.value.sentence == f"`{name}` knows no column `{text.partition('=')[0]}`."
    assert analysis.columns[0].name in raised.value.hint


def test_an_executions_report_cannot_be_asked_of_attempts() -> None:
    with pytest.raises(MisuseError, match="`cost_by_machine` knows no column `resource`"):
        answer("cost_by_machine", where=["resource=lambda:invoke"])


def test_a_window_narrows_both_tables() -> None:
    facts = facts_of((RUNS, TRIES)).within(Window(since_ms=OCTOBER + DAY, machines=["orders"]))
    assert analysis_named("failure_hotspots").run(facts)["error"].tolist() == ["E2"]
    assert analysis_named("executions").run(facts)["duration_ms"].tolist() == [9_000]
