"""`stepscope facts`: the tables that are derived from the store."""

from __future__ import annotations

import rich_click as click

from commands.session import Session, examples, pass_session, store_option


@click.group(no_args_is_help=False)
def facts() -> None:
    """The tables that are derived from the store."""


@facts.command()
@store_option()
@pass_session
@examples("stepscope facts rebuild")
def rebuild(session: Session) -> None:
    """Fold every history anew. The tables can be deleted at any time: nothing is in them that the store lacks."""
    from commands.folding import rebuilt, say_folded

    say_folded(session, rebuilt(session))
