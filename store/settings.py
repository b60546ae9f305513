"""What a team writes down once for all commands: `stepscope.toml`, beside the store or wherever it is named.

Each section is a Struct; a key is a field, and a key that no field has is refused rather than ignored. docs/settings.md
shows every one of them.
"""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from store.errors import MisuseError

FILE = "stepscope.toml"

QuotaText = Annotated[str, Meta(pattern=r"^\d+(\.\d+)?/\d+(\.\d+)?$")]
"""A quota as AWS writes it, bucket and refill a second: `5000/500`."""


class TargetSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """An account to collect from, in one Region or in several.

    Empty means what the AWS CLI would take; without `machines` all are wanted. `queue` is the URL of an SQS queue that
    gets the status changes of this account and Region.
    """

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    endpoint_url: str | None = None
    machines: tuple[str, ...] = ()
    queue: str | None = None


class MachineBudget(Struct, frozen=True, forbid_unknown_fields=True):
    """What the machines of this name, or of this pattern, may each cost in a month, in US dollars."""

    machine: str
    usd_month: Annotated[float, Meta(ge=0)]


class BudgetSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How much a month may cost, in US dollars after the free tier: all machines together, and single ones."""

    usd_month: Annotated[float, Meta(ge=0)] | None = None
    machines: tuple[MachineBudget, ...] = ()


Share = Annotated[float, Meta(ge=0, le=1)]
Positive = Annotated[float, Meta(gt=0)]


class Objectives(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is promised: the share of executions that succeed, and the duration that 95 of 100 keep within."""

    success_rate: Annotated[float, Meta(gt=0, lt=1)] | None = None
    p95_ms: Positive | None = None


class MachineObjectives(Objectives, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is promised of machines of this name or pattern."""

    machine: str


class SloSettings(Objectives, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How reliable and how quick machines are meant to be over the last `days`.

    `machines` are objectives in the place of those for all: the first that is set for a machine holds.
    """

    days: Annotated[int, Meta(ge=1, le=90)] = 30
    machines: tuple[MachineObjectives, ...] = ()


class Thresholds(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a machine may reach before `stepscope check` has a finding; without a value nothing is asked.

    `failure_rate` and `masked_rate` are shares of its executions, `p95_ms` is the duration that 95 of 100 keep within,
    `cost_usd_month` the list price of a UTC month so far, `new_issue` whether an issue that is new or back is told.
    """

    failure_rate: Share | None = None
    masked_rate: Share | None = None
    p95_ms: Positive | None = None
    cost_usd_month: Positive | None = None
    new_issue: bool | None = None


class MachineThresholds(Thresholds, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Thresholds of machines of this name or pattern."""

    machine: str


class RuleSettings(Thresholds, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When `stepscope check` has a finding.

    `days` are looked back, a machine with fewer than `least_executions` in them is not judged by rates and durations,
    and `machines` are thresholds in the place of those for all: the first that is set for a machine holds.
    """

    days: Annotated[int, Meta(ge=1, le=90)] = 7
    least_executions: Annotated[int, Meta(ge=1)] = 20
    machines: tuple[MachineThresholds, ...] = ()


class AlertSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told of a finding: a topic of SNS, a web address, or both.

    `profile` is that of the AWS CLI which may publish to the topic. Told is each finding once when it comes, and once
    when it is over.
    """

    sns_topic_arn: Annotated[str, Meta(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+$")] | None = None
    webhook_url: Annotated[str, Meta(pattern=r"^https?://[^\s]+$")] | None = None
    profile: str | None = None


class AssumptionSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What an estimate takes for given where the record does not say.

    `payload_kb` is the payload that each Map or Parallel step of an Express run holds: by default that of the worked
    example on the pricing page. `extra_transitions_per_execution` are those that the bill counts for the start of an
    execution.
    """

    payload_kb: Annotated[float, Meta(ge=0)] = 32.0
    extra_transitions_per_execution: Annotated[int, Meta(ge=0, le=2)] = 0


class PrivacySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is taken out of causes beside secrets, from now on: the numbers of AWS accounts, when told to."""

    hide_accounts: bool = False


class MetricSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How often CloudWatch is asked, by who chose the source `metrics`, and for values of how many seconds each."""

    every_hours: Annotated[int, Meta(ge=1, le=24 * 15)] = 24
    period_s: Literal[60, 300, 3600] = 3600


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file.

    `sources` are those to read, without any the ones that nobody has to choose. `quotas` are the calls that AWS allows
    this account, by operation, where they were raised.
    """

    sources: tuple[str, ...] = ()
    targets: tuple[TargetSettings, ...] = ()
    quotas: dict[str, QuotaText] = {}
    budgets: BudgetSettings = BudgetSettings()
    slo: SloSettings = SloSettings()
    rules: RuleSettings = RuleSettings()
    alerts: AlertSettings = AlertSettings()
    assumptions: AssumptionSettings = AssumptionSettings()
    metrics: MetricSettings = MetricSettings()
    privacy: PrivacySettings = PrivacySettings()


def settings_of(folder: Path, named: Path | None = None) -> Settings:
    """The settings in the file `named`, else in the store's folder; all defaults when nobody wrote any.

    Raises `MisuseError` for a named file that is not there, and for one that cannot be meant.
    """
    path = named or folder / FILE
    if named is None and not path.is_file():
        return Settings()
    return read_settings(path)


def read_settings(path: Path) -> Settings:
    """The settings in this file. Raises `MisuseError` with the file, the key and the reason."""
    try:
        return settings_from(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise MisuseError(f"{path} cannot be read: {error.strerror}", "--config names another file.") from error
    except UnicodeDecodeError as error:
        raise MisuseError(f"{path} is no text in UTF-8", "Save it as UTF-8.") from error


def settings_from(text: str, file: str = FILE) -> Settings:
    """The settings in a text in TOML; `file` is what its refusal calls it."""
    try:
        return msgspec.convert(tomllib.loads(text), Settings)
    except tomllib.TOMLDecodeError as error:
        raise MisuseError(f"{file} is not TOML: {error}", "https://toml.io shows how it is written.") from error
    except msgspec.ValidationError as error:
        raise _refusal(file, str(error)) from error


_AT = re.compile(r"^(?P<reason>.+?)(?: - at `(?:key in )?\$\.?(?P<key>[^`]*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.+)`$", re.DOTALL)
_TYPES = {"object": "a table", "array": "a list", "str": "a text", "int": "a whole number", "float": "a number"} | {
    "bool": "true or false"
}


def _refusal(file: str, said: str) -> MisuseError:
    """What msgspec found, as file, key and reason."""
    found = _AT.match(said)
    reason, key = (found["reason"], found["key"] or "") if found else (said, "")
    unknown = _UNKNOWN.match(reason)
    if unknown is None:
        return MisuseError(f"{file}: {key}: {_in_words(reason)}", "docs/settings.md shows what may stand there.")
    name = unknown["name"]
    close = get_close_matches(name, sorted(_all_keys(Settings)), 1)
    hint = f"Did you mean {close[0]}? " if close else ""
    return MisuseError(
        f"{file}: {f'{key}.' if key else ''}{name}: there is no such key", f"{hint}docs/settings.md lists them all."
    )


def _in_words(reason: str) -> str:
    """`Expected `array`, got `str`` in words that say nothing of Python."""
    worded = re.sub(r"`([a-z |]+)`", lambda found: _type_in_words(found[1]), reason)
    return worded[:1].lower() + worded[1:]


def _type_in_words(name: str) -> str:
    """`str | null`, where null only says that the key may be left out, is a text."""
    return " or ".join(_TYPES.get(part, part) for part in name.split(" | ") if part != "null")


def _all_keys(kind: Any) -> set[str]:
    """The names of every key of a Struct and of those within it."""
    found: set[str] = set()
    for field in msgspec.structs.fields(kind):
        found.add(field.encode_name)
        for inner in _structs_in(msgspec.inspect.type_info(field.type)):
            found |= _all_keys(inner)
    return found


def _structs_in(kind: Any) -> list[Any]:
    if isinstance(kind, msgspec.inspect.StructType):
        return [kind.cls]
    parts = [getattr(kind, name, None) for name in ("item_type", "value_type")] + list(getattr(kind, "types", ()))
    return [found for part in parts if part is not None for found in _structs_in(part)]
