"""Events of a history: decoded from any of AWS's spellings and kept without payloads.

One small struct per event type holds the id, the predecessor, the time and the few details that an analysis needs;
inputs, outputs and parameters are skipped while parsing and never built. The stored form is the API's own spelling,
so that a kept history can be read back by anything that reads GetExecutionHistory.

Event types and their details: AWS Step Functions API reference, HistoryEvent
(https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html); the log record's shape:
developer guide, "Logging in CloudWatch Logs".
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, cast

import msgspec

from store.errors import HistoryUnreadableError

Time = int | float | str

EventId = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]
"""The number of an event. AWS ends an execution at 25,000 events; the tables hold 32 bits."""


class Details(msgspec.Struct, omit_defaults=True, gc=False):
    """The allow-list: every detail of an event that is kept. All else is payload and skipped."""


class Named(Details):
    """Details of `*StateEntered` and `*StateExited`."""

    name: str = ""


class Failure(Details):
    """Details of an event that ends a try or an execution without success."""

    error: str | None = None
    cause: str | None = None
    resourceType: str | None = None  # noqa: N815 -- AWS's spelling, here and below
    resource: str | None = None


class Work(Details):
    """Details of `*Scheduled`, `*Started` and `TaskSubmitted`: which integration is called."""

    resourceType: str | None = None  # noqa: N815
    resource: str | None = None
    timeoutInSeconds: int | None = None  # noqa: N815
    heartbeatInSeconds: int | None = None  # noqa: N815


class Evaluation(Details):
    """Details of `EvaluationFailed`: a JSONata expression that could not be evaluated."""

    state: str = ""
    error: str | None = None
    cause: str | None = None
    location: str | None = None


class Iteration(Details):
    """Details of `MapIteration*`: the Map state and the item's index."""

    name: str = ""
    index: int = 0


class Length(Details):
    """Details of `MapStateStarted`: number of items, 0 when an ItemReader will tell."""

    length: int = 0


class MapRun(Details):
    """Details of `MapRunStarted` and `MapRunRedriven`."""

    mapRunArn: str = ""  # noqa: N815
    redriveCount: int | None = None  # noqa: N815


class Start(Details):
    """Details of `ExecutionStarted`."""

    stateMachineVersionArn: str | None = None  # noqa: N815
    stateMachineAliasArn: str | None = None  # noqa: N815


class Redrive(Details):
    """Details of `ExecutionRedriven`."""

    redriveCount: int | None = None  # noqa: N815


class Nothing(Details):
    """Details of an event that says no more than its type."""


class Event(msgspec.Struct, gc=False, omit_defaults=True, rename={"prev": "previousEventId", "at": "timestamp"}):
    """An event of a history. `type` is AWS's name of it, `prev` the causal predecessor (0: none)."""

    type: ClassVar[str] = ""
    id: EventId
    prev: int = 0
    at: Time = 0.0
    d: Any = None


class UnknownEvent(Event, tag_field="type", tag="Unknown"):
    """An event whose type this version does not know: kept and counted, never understood. It has no details."""

    d: None = None
    was: str = ""


_STATES = ("Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait")
_ABORTED = ("Map", "Parallel", "Task", "Wait")


def _family(prefix: str, kinds: Iterable[str], details: type[Details]) -> dict[str, type[Details]]:
    return {f"{prefix}{kind}": details for kind in kinds}


DETAILS: dict[str, type[Details]] = {
    "ExecutionStarted": Start,
    "ExecutionRedriven": Redrive,
    **_family("Execution", ("Succeeded", "Failed", "Aborted", "TimedOut"), Failure),
    **{f"{state}StateEntered": Named for state in _STATES},
    **{f"{state}StateExited": Named for state in _STATES if state != "Fail"},
    **{f"{state}StateAborted": Nothing for state in _ABORTED},
    **_family("Task", ("Scheduled", "Started", "Submitted"), Work),
    **_family("Task", ("Succeeded", "Failed", "StartFailed", "SubmitFailed", "TimedOut"), Failure),
    **_family("LambdaFunction", ("Scheduled", "Started"), Work),
    **_family("LambdaFunction", ("Succeeded", "Failed", "ScheduleFailed", "StartFailed", "TimedOut"), Failure),
    **_family("Activity", ("Scheduled", "Started"), Work),
    **_family("Activity", ("Succeeded", "Failed", "ScheduleFailed", "TimedOut"), Failure),
    **_family("MapIteration", ("Started", "Succeeded", "Failed", "Aborted"), Iteration),
    "MapStateStarted": Length,
    "MapStateSucceeded": Nothing,
    "MapStateFailed": Nothing,
    "ParallelStateStarted": Nothing,
    "ParallelStateSucceeded": Nothing,
    "ParallelStateFailed": Nothing,
    "MapRunStarted": MapRun,
    "MapRunRedriven": MapRun,
    "MapRunSucceeded": Nothing,
    "MapRunFailed": Failure,
    "MapRunAborted": Nothing,
    "EvaluationFailed": Evaluation,
}
"""Each event type with the details kept of it."""


def _details_key(event_type: str) -> str:
    """The API's name of the member that holds an event's details."""
    if event_type.endswith(("StateEntered", "StateExited")):
        return "stateEnteredEventDetails" if event_type.endswith("Entered") else "stateExitedEventDetails"
    return event_type[0].lower() + event_type[1:] + "EventDetails"


def _event_class(event_type: str, details: type[Details]) -> type[Event]:
    cls = msgspec.defstruct(
        event_type,
        [("d", details | None, None)],
        bases=(Event,),
        namespace={"type": event_type},
        tag_field="type",
        tag=event_type,
        gc=False,
        omit_defaults=True,
        rename={"d": _details_key(event_type)},
    )
    event = cast("type[Event]", cls)
    event.type = event_type
    return event


EVENTS: dict[str, type[Event]] = {name: _event_class(name, details) for name, details in DETAILS.items()}
"""The struct of each event type."""

AnyEvent: Any = functools.reduce(operator.or_, [*EVENTS.values(), UnknownEvent])
"""The tagged union of all of them, for msgspec decoders."""

_decoder = msgspec.json.Decoder(list[AnyEvent], strict=False)


def decoded_events(raw: bytes) -> list[Event]:
    """Events of a JSON array in the API's spelling, in the order given.

    An event of unknown type becomes an `UnknownEvent`. Raises `HistoryUnreadableError` when `raw` is not an array of
    objects.
    """
    try:
        return _decoded(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HistoryUnreadableError(f"these events are not JSON: {error}") from error


def _decoded(raw: bytes) -> list[Event]:
    try:
        return cast("list[Event]", _decoder.decode(raw))
    except msgspec.ValidationError:
        return known_events(msgspec.json.decode(raw))


def known_events(events: Any) -> list[Event]:
    """Events of already parsed API answers (boto3's dicts, with `datetime` or ISO text or epoch times)."""
    if not isinstance(events, list):
        raise HistoryUnreadableError("the events of a history must be an array")
    return [_known_event(event) for event in events]


def _known_event(event: Any) -> Event:
    if not isinstance(event, dict):
        raise HistoryUnreadableError(f"an event must be an object, not {type(event).__name__}")
    at = event.get("timestamp")
    if isinstance(at, datetime):
        event = {**event, "timestamp": at.timestamp()}
    cls = EVENTS.get(str(event.get("type")))
    try:
        return msgspec.convert(event, cls, strict=False) if cls else _unknown_event(event)
    except msgspec.ValidationError as error:
        raise HistoryUnreadableError(f"event {event.get('id')!r:.20} cannot be read: {error}") from error


def _unknown_event(event: dict[str, Any]) -> UnknownEvent:
    kept: dict[str, Any] = {key: event[key] for key in ("id", "previousEventId", "timestamp") if key in event}
    was = str(event.get("was") or event.get("type") or "")[:200]
    return msgspec.convert({**kept, "type": "Unknown", "was": was}, UnknownEvent, strict=False)


def milliseconds(at: Time) -> int:
    """`time_ms` with a short way for the API's own spelling: this runs for every event ever stored."""
    return int(at * 1000 + 0.5) if at.__class__ is float and 0 <= at < FIRST_EPOCH_MS else time_ms(at)


def time_ms(at: Time) -> int:
    """Milliseconds since 1970 UTC of any of AWS's spellings of a time.

    The API sends epoch seconds, the CLI ISO 8601 with 0, 3, 6 or 9 fractional digits, log records epoch milliseconds
    as text. A time without a zone is UTC. Raises `HistoryUnreadableError` for anything else.
    """
    if isinstance(at, str):
        at_ms = int(at) if _COUNT.fullmatch(at) else _iso_ms(at)
    elif 0 <= at < LAST_MS:
        at_ms = int(at * 1000 + 0.5) if at < FIRST_EPOCH_MS else int(at)
    else:
        at_ms = -1
    if 0 <= at_ms < LAST_MS:
        return at_ms
    raise HistoryUnreadableError(f"{at!r:.60} is not a time")


_COUNT = re.compile(r"[0-9]{1,15}")

FIRST_EPOCH_MS = 100_000_000_000
"""A number from here on counts milliseconds: as seconds it would lie beyond the year 5000."""

LAST_MS = 253_402_300_800_000
"""The year 10000, from which on no calendar of ours counts."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALF_MS = timedelta(microseconds=500)


def _iso_ms(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise HistoryUnreadableError(f"{text!r:.60} is not a time") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH + HALF_MS) // timedelta(milliseconds=1)
