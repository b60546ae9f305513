"""`stepscope store`: the record itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted
from store.errors import MisuseError, StoreDamagedError

if TYPE_CHECKING:
    from store.sizes import Sizes


@click.group(no_args_is_help=False)
def store() -> None:
    """The store itself: is it sound, a copy of it, and what of it may go."""


@store.command()
@store_option()
@pass_session
@examples("stepscope store check")
def check(session: Session) -> None:
    """Verify that the store is sound: the database, what its rows point at, and every history."""
    from commands.folding import working
    from store.carrying import days_lost
    from store.checks import unreadable_histories
    from store.folder import problems, readable_store
    from store.sizes import sizes

    with readable_store(session.folder) as opened, working("checking"):
        found = problems(opened)
        found += [f"the history of {arn} cannot be read" for arn in unreadable_histories(opened.db)]
        found += [f"the facts of {day}, whose histories were pruned, are gone" for day in days_lost(opened)]
    for problem in found:
        session.tell(problem)
    if found:
        hint = "Restore a backup, or move the folder away and collect again."
        raise StoreDamagedError(f"{session.folder} has {counted(len(found), 'fault')}, named above", hint)
    session.say(f"{session.folder} is sound: {room(sizes(session.folder))}.")


@store.command()
@click.argument("target", type=click.Path(path_type=Path))
@store_option()
@pass_session
@examples("stepscope store backup backups/monday.db")
def backup(session: Session, target: Path) -> None:
    """Copy the record to the file TARGET while others go on reading and writing.

    The copy is whole or not there. To restore it, put it into an empty folder as store.db.
    """
    from store.carrying import days_pruned
    from store.folder import back_up, readable_store

    place = target / "store.db" if target.is_dir() else target
    if place.resolve() == (session.folder / "store.db").resolve():
        raise MisuseError(f"{place} is the store itself", "Name another file to copy it to.")
    part = place.with_name(f".{place.name}.part")
    with readable_store(session.folder) as opened:
        back_up(opened, part)
        part.replace(place)
        is_pruned = bool(days_pruned(opened.db))
    session.say(f"{place}  {place.stat().st_size:,} bytes")
    if is_pruned:
        session.tell(
            f"Histories were pruned: their facts are in {session.folder / 'facts'} only. Copy that folder too."
        )


@store.command()
@click.option("--older-than", required=True, metavar="TIME", help="What is from before that: 400d, or a date.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(("histories", "executions", "metrics", "passes")),
    multiple=True,
    required=True,
    help="histories: their facts and reports stay. executions: all of them goes. metrics: what"
    " CloudWatch counted. passes: what the collector did.",
)
@click.option("--yes", is_flag=True, help="Do it; without, only say what would go.")
@store_option()
@pass_session
@examples(
    "stepscope store prune --older-than 400d --kind histories",
    "stepscope store prune --older-than 400d --kind executions --kind passes --yes",
)
def prune(session: Session, older_than: str, kinds: tuple[str, ...], yes: bool) -> None:
    """Take out of the record what is old, by whole days of start. Without --yes nothing is changed.

    What is not folded yet, or has not ended, stays. `store vacuum` then gives the room back to the disk. The facts of
    pruned histories are nowhere but in the folder facts/: keep it, and copy it with a backup.
    """
    from commands.folding import folded
    from commands.moments import moment_ms
    from store.folder import readable_store, writable_store
    from store.pruning import KINDS, old_rows
    from store.pruning import prune as pruned

    before = moment_ms(older_than, session.clock())
    if not yes:
        with readable_store(session.folder) as opened:
            for kind in kinds:
                session.say(f"{old_rows(opened.db, kind, before):,} {kind} would go: {KINDS[kind].consequence}.")
        session.say("Nothing is changed yet; add --yes to do it.")
        return
    with writable_store(session.folder) as opened:
        folded(session, opened)
        for kind in kinds:
            session.say(f"{pruned(opened.db, kind, before):,} {kind} are gone: {KINDS[kind].consequence}.")
        folded(session, opened)


@store.command()
@store_option()
@pass_session
@examples("stepscope store vacuum")
def vacuum(session: Session) -> None:
    """Give the room that pruning left empty back to the disk. Needs as much free space as store.db takes."""
    from commands.folding import working
    from store.folder import unwritable_as_error, writable_store
    from store.pruning import vacuumed
    from store.sizes import sizes

    before = sizes(session.folder)
    with writable_store(session.folder) as opened, working("vacuuming"), unwritable_as_error(session.folder):
        vacuumed(opened.db)
    session.say(f"{session.folder}: {room(sizes(session.folder))}, before {room(before)}.")


def room(taken: Sizes) -> str:
    """How much room a store takes, in words."""
    return f"store.db {taken.record / 1e6:,.1f} MB, facts {taken.facts / 1e6:,.1f} MB"
