"""`stepscope import`: from files into the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted
from store.errors import MisuseError, StepscopeError

if TYPE_CHECKING:
    from collectors.dumps import Told
    from collectors.files import ImportResult
    from store.folder import Store

STDIN, S3 = "-", "s3://"
MUCH_BYTES = 20_000_000
TOLD_AT_MOST = 50
"""Problems printed one by one; a file of another kind has one in every line."""


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--machine", metavar="NAME", help="The machine that ran them, where a file does not say.")
@click.option(
    "--definition",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="That machine's definition, where a file does not hold it.",
)
@click.option(
    "--type",
    type=click.Choice(("standard", "express"), case_sensitive=False),
    help="Type of the machines whose ARN does not tell.  [default: standard]",
)
@store_option()
@pass_session
@examples(
    "aws stepfunctions get-execution-history --execution-arn ARN --output json > charge-1.json",
    "stepscope import charge-1.json --machine orders --definition orders.asl.json",
    "stepscope import exported-logs/ --type express",
    "stepscope import s3://my-log-exports/2026-11/ --type express",
)
def import_(
    session: Session, paths: tuple[str, ...], machine: str | None, definition: Path | None, type: str | None
) -> None:
    """Read executions from files, folders and S3 (`s3://bucket/prefix`); `-` is standard input.

    It knows the output of the AWS CLI, the export of the console, lines of JSON with one execution each, and exports of
    CloudWatch Logs, plain or compressed. A line that cannot be read is named and skipped, the rest is kept.
    """
    from collectors.dumps import Told
    from commands.folding import folded, say_folded
    from commands.sample import refuse_sample
    from commands.workers import workers
    from store.folder import writable_store

    paths = _files(paths)
    told = Told(machine, type.upper() if type else None, _text(definition) if definition is not None else None)
    told = told._replace(hides_accounts=session.settings.privacy.hide_accounts)
    with workers(wanted=_is_much(paths), is_first=True) as pool, writable_store(session.folder) as store:
        refuse_sample(store)
        result = imported(session, store, paths, told)
        say_folded(session, folded(session, store, pool))
    if result.skipped:
        sentence = f"{counted(result.skipped, 'line or file', 'lines or files')} skipped, as named above"
        raise StepscopeError(
            sentence, "The rest is kept. Put right what is named and import it again: nothing is doubled."
        )


def imported(session: Session, store: Store, paths: Sequence[str], told: Told) -> ImportResult:
    """Import and say what came of it. Raises click.Abort when somebody interrupted it."""
    from rich.console import Console

    from analyzer.definition import parse_definition
    from collectors.files import import_paths
    from collectors.scope import INTERRUPTED
    from commands.progress import ImportProgress

    with ImportProgress(Console(stderr=True)) as progress:
        result = import_paths(store, paths, told, parse_definition, session.clock, progress)
    session.say(result.sentence)
    for problem in result.problems[:TOLD_AT_MOST]:
        session.tell(f"skipped: {problem}")
    if len(result.problems) > TOLD_AT_MOST:
        session.tell(f"skipped: {counted(result.skipped - TOLD_AT_MOST, 'more', 'more')}")
    if result.outcome == INTERRUPTED:
        raise click.Abort
    return result


def _files(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths, with those in S3 replaced by the objects that begin so. Raises FileUnreadableError."""
    if not any(path.startswith(S3) for path in paths):
        return tuple(paths)
    from collectors.buckets import objects_in

    return tuple(file for path in paths for file in (objects_in(path) if path.startswith(S3) else [path]))


def _is_much(paths: Sequence[str]) -> bool:
    """Whether the files are likely to hold so much that helpers are worth it; of what is not here nobody knows."""
    from collectors.slices import files_in

    here = [path for path in paths if path != STDIN and not path.startswith(S3)]
    files = [Path(file) for file in files_in(here)]
    return len(here) < len(paths) or sum(file.stat().st_size for file in files if file.is_file()) > MUCH_BYTES


def _text(definition: Path) -> str:
    """The text of a definition's file. Raises MisuseError when it has none."""
    try:
        return definition.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(
            f"{definition} cannot be read: {error}", "Give a --definition in Amazon States Language."
        ) from error
