"""Every figure over rows, over none, and over names that mean something to Plotly."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures.days import executions_of_days
from dashboard.figures.latency import latency_of_states
from dashboard.figures.layout import as_hover, as_label
from dashboard.figures.money import cost_of_machines, cost_of_states, standard_and_express
from dashboard.figures.spending import spending
from dashboard.figures.states import failures_of_states, retries_of_states
from tests.analyzer.rows import DAY, OCTOBER
from tests.dashboard.answered import HOSTILE, answered, nothing

DRAWN: dict[str, list[Callable[[pd.DataFrame], go.Figure]]] = {
    "executions_by_day": [executions_of_days],
    "failure_hotspots": [failures_of_states],
    "retry_rates": [retries_of_states],
    "state_latency": [latency_of_states],
    "cost_by_machine": [cost_of_machines],
    "cost_by_state": [cost_of_states],
    "standard_vs_express": [standard_and_express],
    "cost_by_purpose": [spending],
}
PAIRS = [(name, draw) for name, draws in DRAWN.items() for draw in draws]


@pytest.mark.parametrize(("name", "draw"), PAIRS)
def test_a_figure_of_nothing_is_a_figure(name: str, draw: Callable[[pd.DataFrame], go.Figure]) -> None:
    assert draw(nothing(name)).layout.height > 0


@pytest.mark.parametrize(("name", "draw"), PAIRS)
def test_a_figure_leaves_its_table_as_it_was(name: str, draw: Callable[[pd.DataFrame], go.Figure]) -> None:
    frame = answered(name)
    before = frame.copy(deep=True)
    draw(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(("name", "draw"), PAIRS)
def test_names_are_text(name: str, draw: Callable[[pd.DataFrame], go.Figure]) -> None:
    drawn = draw(answered(name)).to_json()
    assert HOSTILE not in drawn
    assert "<b>x" not in drawn
    assert "\\u003cb\\u003ex" not in drawn


@pytest.mark.parametrize(("name", "draw"), PAIRS)
def test_axes_say_what_they_are(name: str, draw: Callable[[pd.DataFrame], go.Figure]) -> None:
    layout = draw(answered(name)).layout
    assert layout.xaxis.title.text or layout.yaxis.title.text


def bars(figure: go.Figure) -> dict[str, list[float]]:
    return {bar.name: list(bar.y) for bar in figure.data}


def test_days_are_stacked_from_the_worst() -> None:
    figure = executions_of_days(answered("executions_by_day"))
    assert bars(figure) == {
        "failed": [0, 1, 2],
        "succeeded, with a masked failure": [1, 0, 0],
        "succeeded": [1, 0, 0],
        "not ended": [0, 1, 0],
    }
    assert figure.layout.barmode == "stack"


def test_a_day_without_executions_is_on_the_axis() -> None:
    figure = executions_of_days(answered("executions_by_day"), OCTOBER - DAY, OCTOBER + 5 * DAY)
    first, last = figure.layout.xaxis.range
    assert (last - first) == pd.Timedelta(days=6)


def test_failures_are_split_by_what_became_of_them() -> None:
    figure = failures_of_states(answered("failure_hotspots"))
    assert {bar.name: list(bar.x) for bar in figure.data} == {
        "began a failed run": [2, 1],
        "caught": [1, 0],
        "retried": [1, 0],
    }
    assert figure.layout.yaxis.ticktext[0] == "Charge · orders"


def test_only_the_first_rows_are_drawn() -> None:
    hotspots = pd.concat([answered("failure_hotspots").assign(state=f"S{n}") for n in range(40)])
    assert len(failures_of_states(hotspots).layout.yaxis.ticktext) == 12


def test_retries_are_split_by_whether_they_helped() -> None:
    [bar] = retries_of_states(answered("retry_rates")).data
    assert (bar.name, list(bar.x)) == ("did not", [1])


def test_run_and_queue_stand_apart() -> None:
    figure = latency_of_states(answered("state_latency"))
    assert {trace.xaxis for trace in figure.data} == {"x", "x2"}
    assert figure.layout.xaxis.type == "log"
    assert "queue" in figure.layout.xaxis2.title.text


def test_a_long_queue_is_told_in_seconds() -> None:
    slow = answered("state_latency").assign(queue_p99_ms=7_200_000.0)
    figure = latency_of_states(slow)
    assert figure.layout.xaxis2.title.text == "queue, seconds"
    assert max(x for trace in figure.data if trace.xaxis == "x2" for x in trace.x if x is not None) == 7_200


def test_a_cost_that_is_not_known_is_not_drawn_as_nothing() -> None:
    compared = answered("standard_vs_express")
    unknown = compared.assign(express_cost_usd=pd.array([None] * len(compared), dtype="Float64"))
    figure = standard_and_express(unknown)
    assert all(x is None for x in figure.data[1].x)


def test_a_label_is_short_and_a_hover_is_whole() -> None:
    name = "<i>'" + "x" * 100 + "$"
    assert len(as_label(name)) < 60
    assert as_hover(name) == "&lt;i&gt;'" + "x" * 100 + "&#36;"
