"""`stepscope check`: whether any rule of stepscope.toml is broken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, config_option, examples, pass_session, store_option
from commands.wording import counted
from store.errors import StepscopeError

if TYPE_CHECKING:
    from analyzer.rules.finding import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON array.")
@store_option()
@config_option()
@pass_session
@examples("stepscope check", "stepscope check --json --config team.toml")
def check(session: Session, as_json: bool) -> None:
    """Say which rules of stepscope.toml are broken; exit code 1 when any is.

    The rules stand in its section [rules]: thresholds for all machines, and for machines by name or pattern. Where its
    section [alerts] names a topic or a webhook, what is new or over is told there, once.
    """
    from commands.alerting import tell
    from commands.folding import fold_leftovers

    fold_leftovers(session)
    found = found_now(session)
    tell(session, found)
    if as_json:
        session.say(json.dumps([finding._asdict() for finding in found], ensure_ascii=False, indent=2))
    else:
        say_findings(session, found)
    if found:
        raise StepscopeError(f"{counted(len(found), 'rule')} broken", "The thresholds stand in [rules].")


def found_now(session: Session) -> list[Finding]:
    """What the rules find in the facts of the store. Raises what opening a store and reading settings raise."""
    from analyzer.prices import known_prices
    from analyzer.reading import facts_within, newest_definitions
    from analyzer.rulebook import all_findings
    from analyzer.window import Window

    settings, definitions = session.settings, newest_definitions(session.folder)
    book = known_prices(session.folder)
    with facts_within(session.folder, Window(), definitions, book, session.clock(), settings) as facts:
        return all_findings(facts, settings)


def say_findings(session: Session, found: list[Finding]) -> None:
    """A line for each finding."""
    from commands.alerting import line

    for finding in found:
        session.say(line(finding))
    if not found:
        session.say("No rule is broken.")
