"""An execution as a file describes it, made into the row of the store."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from collectors.arns import PARTS, parts_of, tail_of
from collectors.outline import Packed
from collectors.slices import Slice
from store.events import AnyEvent, Time, known_events
from store.imports import ImportedRow
from store.machines import MachineRow

STATUSES = frozenset("RUNNING SUCCEEDED FAILED TIMED_OUT ABORTED PENDING_REDRIVE".split())
UNKNOWN = "UNKNOWN"


class Told(NamedTuple):
    """What the user says of all files: the machine's name, its type and its definition, where he says it.

    `hides_accounts` says that causes are to be kept without the numbers of AWS accounts.
    """

    machine: str | None = None
    type: str | None = None
    definition: str | None = None
    hides_accounts: bool = False


class Dump(msgspec.Struct, gc=False):
    """An execution and its events, in one document; what it leaves out is None."""

    name: str | None = None
    id: str | None = None
    executionArn: str | None = None  # noqa: N815 -- AWS's spelling, here and below
    stateMachineArn: str | None = None  # noqa: N815
    stateMachineVersionArn: str | None = None  # noqa: N815
    stateMachineAliasArn: str | None = None  # noqa: N815
    status: str | None = None
    error: str | None = None
    startDate: Time | None = None  # noqa: N815
    stopDate: Time | None = None  # noqa: N815
    redriveCount: int = 0  # noqa: N815
    definition: msgspec.Raw | None = None
    events: list[AnyEvent] = []


dump_decoder: msgspec.json.Decoder[Dump] = msgspec.json.Decoder(Dump, strict=False)


def dump_of(description: dict[str, Any], events: Sequence[Any]) -> Dump:
    """The dump in an already parsed document, whatever the types of what it says of the execution.

    Raises `HistoryUnreadableError` when its events are none.
    """
    texts = {
        name: str(description[name])
        for name in Dump.__struct_fields__[:8]
        if isinstance(description.get(name), str | int | float)
    }
    dates = {
        name: description[name]
        for name in ("startDate", "stopDate")
        if isinstance(description.get(name), str | float | int)
    }
    redrives = description.get("redriveCount")
    definition = description.get("definition")
    return Dump(
        **texts,
        **dates,
        redriveCount=redrives if isinstance(redrives, int) else 0,
        definition=None if definition is None else msgspec.Raw(msgspec.json.encode(definition)),
        events=known_events(list(events)),
    )


class Whose(NamedTuple):
    """Which execution a dump is of."""

    machine: MachineRow
    arn: str
    name: str


def whose(dump: Dump, piece: Slice, told: Told, line: int) -> Whose:
    """The execution's machine, ARN and name: from the user for the machine, else from the dump, else from the file."""
    arn = dump.executionArn or ""
    # The machine's part of an ARN, which all its executions share, up to the sixth colon.
    parts = arn.split(":", PARTS)
    machine = _machine(
        dump.stateMachineArn or "",
        ":".join(parts[:PARTS]),
        told.machine or "",
        piece.stem if piece.is_lines else piece.folder,
        told.type or "STANDARD",
    )
    own_name = parts[PARTS].partition(":")[0] if len(parts) > PARTS else ""
    name = dump.name or dump.id or own_name or _name_by_file(piece, line)
    return Whose(machine, arn or f"file:{machine.name}:{name}", name)


def _name_by_file(piece: Slice, line: int) -> str:
    return f"{piece.stem}:{line}" if piece.is_lines else piece.stem


@functools.lru_cache(maxsize=4_096)
def _machine(arn: str, execution_arn: str, told_name: str, default: str, type: str) -> MachineRow:
    execution = parts_of(execution_arn)
    parts = parts_of(arn) or execution
    name = told_name or (parts.machine if parts else default)
    return MachineRow(
        arn=parts.machine_arn_of(name) if parts else f"file:{name}",
        name=name,
        type=(execution.type if execution else None) or type,
        region=parts.region if parts else None,
        account=parts.account if parts else None,
        source="import",
    )


def imported_row(
    dump: Dump, whose: Whose, packed: Packed, started_at: int | None, stopped_at: int | None, revision: str | None
) -> ImportedRow:
    """The row of the store. What the dump says of its execution stands; its events tell the rest."""
    shape = packed.shape
    return ImportedRow(
        whose.machine.arn,
        whose.arn,
        whose.name,
        dump.status if dump.status in STATUSES else shape.status or UNKNOWN,
        started_at,
        stopped_at,
        dump.redriveCount or shape.redrives,
        dump.stateMachineVersionArn and tail_of(dump.stateMachineVersionArn),
        dump.stateMachineAliasArn and tail_of(dump.stateMachineAliasArn),
        dump.error,
        revision,
        packed.blob,
        packed.events,
        shape.last_id,
        shape.is_whole,
        packed.first_at,
    )
