"""`stepscope store`: the record itself."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted
from store.errors import MisuseError, StoreDamagedError


@click.group(no_args_is_help=False)
def store() -> None:
    """The store itself: is it sound, and a copy of it."""


@store.command()
@store_option()
@pass_session
@examples("stepscope store check")
def check(session: Session) -> None:
    """Verify that the store is sound: the database, what its rows point at, and every history."""
    from commands.folding import working
    from store.checks import unreadable_histories
    from store.folder import problems, readable_store

    with readable_store(session.folder) as opened, working("checking"):
        found = problems(opened)
        found += [f"the history of {arn} cannot be read" for arn in unreadable_histories(opened.db)]
    for problem in found:
        session.tell(problem)
    if found:
        hint = "Restore a backup, or move the folder away and collect again."
        raise StoreDamagedError(f"{session.folder} has {counted(len(found), 'fault')}, named above", hint)
    session.say(f"{session.folder} is sound.")


@store.command()
@click.argument("target", type=click.Path(path_type=Path))
@store_option()
@pass_session
@examples("stepscope store backup backups/monday.db")
def backup(session: Session, target: Path) -> None:
    """Copy the record to the file TARGET while others go on reading and writing.

    The copy is whole or not there. To restore it, put it into an empty folder as store.db.
    """
    from store.folder import back_up, readable_store

    place = target / "store.db" if target.is_dir() else target
    if place.resolve() == (session.folder / "store.db").resolve():
        raise MisuseError(f"{place} is the store itself", "Name another file to copy it to.")
    part = place.with_name(f".{place.name}.part")
    with readable_store(session.folder) as opened:
        back_up(opened, part)
        part.replace(place)
    session.say(f"{place}  {place.stat().st_size:,} bytes")
