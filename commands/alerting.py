"""Telling findings to whom the settings name: each once when it comes, and once when it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from commands.session import Session
from commands.wording import counted

if TYPE_CHECKING:
    from analyzer.rules.finding import Finding


class Changes(NamedTuple):
    """What was not found before, and the sentences of what is not found any more, by key."""

    new: dict[str, Finding]
    over: dict[str, str]

    @property
    def text(self) -> str:
        """All of it, a line each."""
        found = [f"BROKEN  {line(finding)}" for finding in self.new.values()]
        return "\n".join([*found, *(f"OVER    {sentence}" for sentence in self.over.values())])

    @property
    def document(self) -> dict[str, Any]:
        """The same for a webhook: `text` for a chat, the rest for programs."""
        found = [finding._asdict() | {"key": key} for key, finding in self.new.items()]
        over = [{"key": key, "sentence": sentence} for key, sentence in self.over.items()]
        return {"text": self.text, "source": "stepscope", "findings": found, "over": over}


def line(finding: Finding) -> str:
    """A finding in one line."""
    return f"{finding.machine}  {finding.rule}  {finding.sentence}"


def changes(told: Mapping[str, str], found: Sequence[Finding]) -> Changes:
    """What is to be told: the difference between what was and what is found."""
    now = {finding.key: finding for finding in found}
    new = {key: finding for key, finding in now.items() if key not in told}
    return Changes(new, {key: sentence for key, sentence in told.items() if key not in now})


def tell(session: Session, found: Sequence[Finding]) -> None:
    """Tell whoever the settings name what has changed since the last time; noted only when all were told.

    Raises NoticeError or AwsError when one could not be told; the next check tells all of it again.
    """
    alerts = session.settings.alerts
    if alerts.sns_topic_arn is None and alerts.webhook_url is None:
        return
    from collectors.notices import post, publish
    from store.alerts import note_alerts, told_alerts
    from store.folder import writable_store

    with writable_store(session.folder) as store:
        changed = changes(told_alerts(store.db), found)
        if not changed.new and not changed.over:
            return
        if alerts.webhook_url is not None:
            post(alerts.webhook_url, changed.document)
        if alerts.sns_topic_arn is not None:
            publish(alerts.sns_topic_arn, changed.text, alerts.profile)
        note_alerts(store.db, {key: line(one) for key, one in changed.new.items()}, changed.over, session.clock())
    session.tell(f"Told: {counted(len(changed.new), 'new finding')}, {len(changed.over)} over.")


def checked_sentence(session: Session) -> str | None:
    """How many rules are broken after a pass, after telling whom the settings name; None when no rule is set."""
    from commands.check import found_now
    from store.settings import RuleSettings

    if session.settings.rules == RuleSettings():
        return None
    found = found_now(session)
    tell(session, found)
    if not found:
        return "No rule is broken."
    return f"{counted(len(found), 'rule is', 'rules are')} broken: `stepscope check` says which."
