"""What an Express machine would do otherwise than the Standard one it replaces: for a person to judge.

Rules: dg choosing-workflow-type, redrive-executions, concepts-statemachines. None of them forbids a change of type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzer.definition import Definition, State, express_warnings
from analyzer.definition.fields import quoted
from analyzer.registry import MachineKey

AT_LEAST_ONCE = (
    "An asynchronous Express execution may run more than once, and a name that was used before starts another one."
)
NO_RECORD = "Express has no executions to list or describe: what ran is known from logs only."

NAMED = 3
_SENDING = ("sqs:sendMessage", "sns:publish", "events:putEvents", "http:invoke", "ses:sendEmail", "sesv2:sendEmail")
_ASKING = ("sfn:describeExecution", "sfn:getExecutionHistory", "sfn:listExecutions")
_STARTING = "states:startExecution"


def semantic_warnings(machine: MachineKey, definitions: Mapping[MachineKey, Definition], redriven: int) -> list[str]:
    """What has to be judged before a Standard machine becomes Express, a sentence each, the most telling first.

    `redriven` is how many of its executions were redriven. Callers are looked for among the definitions.
    """
    own = definitions.get(machine)
    return [
        *([f"{redriven:,} of its executions were redriven; Express has no redrive."] if redriven else []),
        *_callers(machine, definitions),
        *(_sends_twice(own) if own else ()),
        *(warning.sentence for warning in (express_warnings(own) if own else ())),
        AT_LEAST_ONCE,
        NO_RECORD,
    ]


def _callers(machine: MachineKey, definitions: Mapping[MachineKey, Definition]) -> Iterator[str]:
    """Machines beside this one that wait for its end, or look executions up."""
    for caller, definition in definitions.items():
        for state in definition.states.values() if caller[:2] == machine[:2] else ():
            where = f"{quoted(caller.name)} in its state {quoted(state.name)}"
            if _waits_for(state, machine):
                yield f"{where} waits for its end by .sync, which an Express child does not have."
            elif state.resource.endswith(_ASKING):
                yield f"{where} calls {state.resource}, which knows no Express execution."


def _waits_for(state: State, machine: MachineKey) -> bool:
    return state.resource == _STARTING and state.pattern == "sync" and state.target == machine.name


def _sends_twice(definition: Definition) -> Iterator[str]:
    """States whose call has its effect again each time."""
    sending = [state for state in definition.states.values() if state.resource.endswith(_SENDING)]
    if sending:
        names = ", ".join(quoted(state.name) for state in sending[:NAMED])
        more = f" and {len(sending) - NAMED} more" if len(sending) > NAMED else ""
        yield f"What runs twice sends twice: {names}{more}."
