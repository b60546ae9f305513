"""`stepscope report`: tables as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted

if TYPE_CHECKING:
    from analyzer.conditions import Condition
    from analyzer.registry import Analysis, Facts


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder, made when missing.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice(("csv", "parquet", "json")),
    default="csv",
    show_default=True,
    help="What to write them as.",
)
@click.option("--since", metavar="TIME", help="Executions that started then or later: a date, a time, or 7d, 24h ago.")
@click.option("--until", metavar="TIME", help="Executions that started before that.")
@click.option("--machine", "machines", multiple=True, metavar="PATTERN", help="Machines of that name; `order*` works.")
@click.option(
    "--where", multiple=True, metavar="CONDITION", help="COLUMN=VALUE, or with !=, < or >. All given ones must hold."
)
@store_option()
@pass_session
@examples(
    "stepscope report --out reports",
    "stepscope report attempts --out reports --format parquet --since 7d",
    "stepscope report failure_hotspots --out reports --machine 'order*' --where error=States.Timeout",
)
def report(
    session: Session,
    names: tuple[str, ...],
    out: Path,
    suffix: str,
    since: str | None,
    until: str | None,
    machines: tuple[str, ...],
    where: tuple[str, ...],
) -> None:
    """Write tables as files: those named, else every summary table.

    Tables of single executions and attempts, such as `executions` and `attempts`, are large and written when named.
    Without --since and --until a report covers all that the store holds.
    """
    from analyzer.conditions import condition
    from analyzer.prices import known_prices
    from analyzer.reading import facts_within, newest_definitions
    from analyzer.window import Window
    from commands.folding import fold_leftovers
    from commands.moments import moment_ms
    from commands.prices import say_stale

    now = session.clock()
    since_ms, until_ms = (moment_ms(text, now) if text is not None else None for text in (since, until))
    window = Window(since_ms, until_ms, machines)
    wanted, conditions = _wanted(names), [condition(text) for text in where]
    for analysis in wanted:
        analysis.check(conditions)
    fold_leftovers(session)
    definitions = newest_definitions(session.folder)
    book = known_prices(session.folder)
    say_stale(session, book.entries)
    with facts_within(session.folder, window, definitions, book, now, session.settings) as facts:
        for analysis in wanted:
            path = out / f"{analysis.name}.{suffix}"
            session.say(f"{path}  {counted(_written(analysis, facts, conditions, path), 'row')}")


def _wanted(names: Sequence[str]) -> list[Analysis]:
    from analyzer.registry import analyses, analysis_named

    if names:
        return [analysis_named(name) for name in dict.fromkeys(names)]
    return [analysis for analysis in analyses().values() if not analysis.is_export]


def _written(analysis: Analysis, facts: Facts, conditions: Sequence[Condition], path: Path) -> int:
    """How many rows of an analysis were written."""
    import pyarrow as pa

    from analyzer.frames import frame_of
    from store.exports import export_rows, export_table

    table = analysis.table(facts, conditions)
    if analysis.is_export and table.implementation.is_duckdb():
        return export_rows(table.to_native(), analysis.columns, path)
    frame = frame_of(table, analysis.columns, rounded=not analysis.is_export)
    return export_table(pa.Table.from_pandas(frame, preserve_index=False), analysis.columns, path)
