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
    from commands.folding import folded, say_folded
    from store.facts import mark_all_stale
    from store.folder import readable_store, writable_store

    with readable_store(session.folder):
        pass  # a store that is not there is not to be made
    with writable_store(session.folder) as store:
        mark_all_stale(store.db)
        say_folded(session, folded(session, store))
