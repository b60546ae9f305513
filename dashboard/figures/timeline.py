"""One execution over time: what ran, what waited in a queue, what waited to be tried again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.lanes import Attempt, Lanes, lanes_of
from dashboard.figures.layout import AXES_PX, as_hover, as_label, marker, rows_laid_out, width_px
from dashboard.theme import SEGMENT_LOOKS
from dashboard.wording import DAY, HOUR, MINUTE, SECOND, duration, instant, shortened

ATTEMPTS_DRAWN = 500
LANES_DRAWN = 150
REDRIVE = "(redrive)"
INDENT_PX, NAME_CHARS = 16, 34
ROW_PX = {25: 24, 60: 20, LANES_DRAWN: 16}
"""How high a row is, by the number of rows up to which it is so."""
LEAST_SHARE = 0.002
"""What is shorter than this share of the whole is drawn this long, so that it is seen; on hover it tells its length."""

UNITS = ((3 * DAY, DAY, "days"), (3 * HOUR, HOUR, "hours"), (5 * MINUTE, MINUTE, "minutes"), (0, SECOND, "seconds"))


class Segment(NamedTuple):
    """A stretch of a lane, in milliseconds since 1970: what it is, of which attempt."""

    kind: str
    since: int
    until: int
    attempt: Attempt


def drawn_part(attempts: pd.DataFrame) -> pd.DataFrame:
    """The attempts that a picture can hold, the first ones."""
    tries = attempts[attempts["state"] != REDRIVE].sort_values("event_id").head(ATTEMPTS_DRAWN)
    position = lanes_of(tries).position
    return tries[tries["event_id"].map(position) < LANES_DRAWN]


def timeline(attempts: pd.DataFrame, until_ms: int) -> go.Figure:
    """The attempts of one execution, from the rows of `attempts`; what has no end is drawn up to `until_ms`.

    The idle time before a redrive is cut out, and a line stands where it was.
    """
    drawn = drawn_part(attempts)
    lanes, gaps = lanes_of(drawn), _idle_before_redrives(attempts)
    segments = [part for attempt in drawn.itertuples(index=False) for part in _segments(attempt, until_ms)]
    start = min((part.since for part in segments), default=0)
    clock = _Clock(start, gaps, _unit_of(max((part.until for part in segments), default=0) - start - _total(gaps)))
    figure = go.Figure()
    for kind, look in SEGMENT_LOOKS.items():
        _draw(figure, [part for part in segments if part.kind == kind], lanes, clock, kind)
        figure.update_traces(selector={"name": kind}, name=look.words, marker=marker(look))
    for gap in gaps:
        words = f"redriven after {duration(gap.length)}"
        figure.add_vline(x=clock.at(gap.until), line={"dash": "dot", "width": 1}, annotation={"text": words})
    return _laid_out(figure, lanes, f"{clock.unit[1]} since {instant(start)}")


class _Gap(NamedTuple):
    """Time in which an execution lay idle, until it was redriven."""

    since: int
    until: int

    @property
    def length(self) -> int:
        return self.until - self.since


class _Clock(NamedTuple):
    """Places on the axis: time since the start without the idle gaps, in a unit."""

    start: int
    gaps: list[_Gap]
    unit: tuple[int, str]

    def at(self, ms: int) -> float:
        idle = sum(min(gap.length, max(0, ms - gap.since)) for gap in self.gaps)
        return (ms - self.start - idle) / self.unit[0]


def _unit_of(length: int) -> tuple[int, str]:
    return next((unit, name) for least, unit, name in UNITS if length >= least)


def _total(gaps: Iterable[_Gap]) -> int:
    return sum(gap.length for gap in gaps)


def _idle_before_redrives(attempts: pd.DataFrame) -> list[_Gap]:
    gaps = []
    redrives: Iterable[Attempt] = attempts[attempts["state"] == REDRIVE].itertuples(index=False)
    for redrive in redrives:
        before = attempts[(attempts["redrive"] < redrive.redrive) & (attempts["state"] != REDRIVE)]
        ended = before[["ended_at", "entered_at"]].max().max()
        if not pd.isna(ended) and ended < redrive.entered_at:
            gaps.append(_Gap(int(ended), int(redrive.entered_at)))
    return gaps


def _segments(attempt: Attempt, until_ms: int) -> Iterator[Segment]:
    """The stretches of one attempt: the backoff before it, the queue, the run."""
    scheduled, started = _known(attempt.scheduled_at), _known(attempt.started_at)
    is_first = attempt.attempt == 1
    opened = scheduled if scheduled is not None else started
    begin = started if started is not None else opened if opened is not None else attempt.entered_at
    ended = _known(attempt.ended_at)
    until = ended if ended is not None else max(begin, until_ms)
    if not is_first and not pd.isna(attempt.backoff_ms):
        at = opened if opened is not None else until
        yield Segment("backoff", at - int(attempt.backoff_ms), at, attempt)
    if scheduled is not None and not pd.isna(attempt.queue_ms):
        yield Segment("queue", scheduled, scheduled + int(attempt.queue_ms), attempt)
    yield Segment(_kind(attempt), min(begin, until), until, attempt)


def _known(ms: object) -> int | None:
    return None if pd.isna(ms) else int(ms)  # type: ignore[call-overload]


def _kind(attempt: Attempt) -> str:
    is_handled = str(attempt.outcome) in ("failed", "timed_out") and str(attempt.handled) in ("retried", "caught")
    return "handled" if is_handled else str(attempt.outcome)


def _draw(figure: go.Figure, parts: list[Segment], lanes: Lanes, clock: _Clock, kind: str) -> None:
    if not parts:
        return
    ends = [(clock.at(part.since), clock.at(part.until)) for part in parts]
    positions = [lanes.position[part.attempt.event_id] for part in parts]
    least = LEAST_SHARE * max(_length(figure), *(until for _, until in ends))
    figure.add_bar(
        orientation="h",
        name=kind,
        y=positions,
        base=[since for since, _ in ends],
        x=[max(until - since, least) for since, until in ends],
        width=[_thickness(part) for part in parts],
        text=[
            as_label(part.attempt.state, 24) if lanes.lanes[at].is_item else ""
            for part, at in zip(parts, positions, strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textfont={"color": "white"},
        customdata=[_hover(part) for part in parts],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _length(figure: go.Figure) -> float:
    return max((base + x for bar in figure.data for base, x in zip(bar.base, bar.x, strict=True)), default=0.0)


def _thickness(part: Segment) -> float:
    """Waiting is drawn thinner than working, and a container thinner than what it holds."""
    is_container = part.attempt.state_type in ("Map", "Parallel")
    return 0.3 if part.kind in ("queue", "backoff") or is_container else 0.72


def _hover(part: Segment) -> str:
    attempt, look = part.attempt, SEGMENT_LOOKS[part.kind]
    error = "" if pd.isna(attempt.error) or part.kind in ("queue", "backoff") else f": {as_hover(attempt.error)}"
    number = f", attempt {attempt.attempt}" if attempt.attempt > 1 else ""
    item = "" if pd.isna(attempt.iteration) else f", item {as_hover(attempt.iteration)}"
    lines = [
        f"<b>{as_hover(attempt.state)}</b>{item}{number}",
        f"{duration(part.until - part.since)} {look.words}{error}",
        f"from {instant(part.since)}",
    ]
    return "<br>".join(lines)


def _laid_out(figure: go.Figure, lanes: Lanes, x_title: str) -> go.Figure:
    names = [shortened(lane.name, NAME_CHARS) for lane in lanes.lanes]
    row_px = next(pixels for most, pixels in ROW_PX.items() if len(names) <= most)
    rows_laid_out(figure, [""] * len(names), x_title, height=max(len(names), 3) * row_px + AXES_PX)
    indents = [INDENT_PX * lane.depth for lane in lanes.lanes]
    widths = [indent + width_px(name) for indent, name in zip(indents, names, strict=True)]
    margin = max(widths, default=0) + 16
    for row, (name, indent) in enumerate(zip(names, indents, strict=True)):
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            xshift=indent - margin,
            y=row,
            showarrow=False,
            text=as_hover(name),
            align="left",
        )
    figure.update_layout(barmode="overlay", uniformtext={"mode": "hide", "minsize": 9}, margin={"l": margin + 8})
    figure.update_xaxes(rangemode="tozero", zeroline=False, tickformat="~g")
    return figure
