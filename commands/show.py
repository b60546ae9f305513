"""`stepscope show`: one execution, from its history."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import iso_time, json_text
from store.errors import MisuseError, StepscopeError

if TYPE_CHECKING:
    from analyzer.closeup import CloseUp
    from store.schema import Column

LISTED_AT_MOST = 10
WIDTH_OF_A_FILE = 140


@click.command()
@click.argument("execution")
@click.option("--all", "everything", is_flag=True, help="Leave out nothing of long loops and large Maps.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: the rows of both fact tables.")
@store_option()
@pass_session
@examples("stepscope show order-48217", "stepscope show order-48217 --json")
def show(session: Session, execution: str, everything: bool, as_json: bool) -> None:
    """One execution as a tree: states and tries, what failed and why, times and cost.

    EXECUTION is its name or ARN. It is read from its history, so what is not folded yet shows too.
    """
    found = close_up_named(session, execution)
    if as_json:
        session.say(_json(found))
        return
    from rich.console import Console

    from commands.header import header
    from commands.tree import tree

    console = Console(markup=False, highlight=False, emoji=False)
    width = console.width if console.is_terminal or "COLUMNS" in os.environ else WIDTH_OF_A_FILE
    console.print(header(found), soft_wrap=True)
    if found.attempts:
        console.print(tree(found.attempts, found.causes, width, everything=everything), soft_wrap=True)


def close_up_named(session: Session, name: str) -> CloseUp:
    """The execution of this name or ARN, from its history. Raises StepscopeError when there is none, or several."""
    from analyzer.closeup import close_up
    from analyzer.prices import known_prices
    from store.executions import executions_named
    from store.folder import readable_store

    with readable_store(session.folder) as store:
        found = close_up(store, _only(executions_named(store.db, name), name), known_prices(session.folder))
    if found is None:
        raise _unknown(name)
    return found


def _only(arns: Sequence[str], name: str) -> str:
    if not arns:
        raise _unknown(name)
    if len(arns) > 1:
        more = f"\n… and {len(arns) - LISTED_AT_MOST} more" if len(arns) > LISTED_AT_MOST else ""
        listed = "\n".join(arns[:LISTED_AT_MOST])
        raise MisuseError(f"{len(arns)} executions are called {name!r}", f"Name one by its ARN:\n{listed}{more}")
    return arns[0]


def _unknown(name: str) -> StepscopeError:
    hint = "`stepscope report executions --out DIR` lists all that it holds; `stepscope collect` fetches newer ones."
    return StepscopeError(f"the store holds no execution {name!r}", hint)


def _json(found: CloseUp) -> str:
    from store.schema import ATTEMPTS, EXECUTIONS

    attempts = [_as_exported(row, ATTEMPTS) | {"cause": found.causes.get(row["event_id"])} for row in found.attempts]
    execution = _as_exported(found.execution, EXECUTIONS) | {"cause": found.cause or None}
    return json_text({"execution": execution, "attempts": attempts})


def _as_exported(row: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    """A row with the columns and the times that exports have."""
    exported = (column for column in columns if column.exported)
    return {column.name: iso_time(row[column.name]) if column.is_time else row[column.name] for column in exported}
