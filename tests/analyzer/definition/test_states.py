from __future__ import annotations

from copy import deepcopy
from dataclasses import FrozenInstanceError
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.definition import Retrier, parse_definition
from tests.analyzer.definition.machines import END, mapped, parallel, scope, task

MACHINE = parse_definition(
    scope(
        {
            "Notify": parallel(
                scope({"Mail": task(End=False, Next="Log mail"), "Log mail": END}),
                scope({"Each": mapped(scope({"Text": END}))}),
                End=False,
                Next="Charge",
            ),
            "Charge": task(Parameters={"FunctionName": "charge"}, Catch=[{"ErrorEquals": ["E"], "Next": "Failed"}]),
            "Failed": {"Type": "Fail", "Error": "NotPaid"},
        }
    )
)


@pytest.mark.parametrize(
    ("state", "branch"),
    [("Mail", 0), ("Log mail", 0), ("Each", 1), ("Text", None), ("Charge", None), ("Elsewhere", None)],
)
def test_the_branch_of_a_state_is_its_index_in_the_definition(state: str, branch: int | None) -> None:
    assert MACHINE.branch_of(state) == branch


def test_branches_keep_the_order_of_the_definition() -> None:
    assert MACHINE.branch_starts("Notify") == ("Mail", "Each")
    assert MACHINE.branch_starts("Each") == ("Text",)
    assert MACHINE.branch_starts("Charge") == ()
    assert [state.name for state in MACHINE.inside("Notify")] == ["Mail", "Log mail", "Each"]


def test_error_and_target_are_empty_where_nothing_is_known() -> None:
    assert [MACHINE.error_of(name) for name in ("Failed", "Charge", "Elsewhere")] == ["NotPaid", "", ""]
    assert [MACHINE.target_of(name) for name in ("Charge", "Failed", "Elsewhere")] == ["charge", "", ""]


def test_only_a_task_has_a_call() -> None:
    charge, mail = MACHINE.states["Charge"], MACHINE.states["Notify"]
    assert (charge.resource, charge.service, charge.pattern) == ("lambda:invoke", "lambda", "request")
    assert (mail.resource, mail.service, mail.pattern, mail.target) == ("", "", "", "")


def test_a_scope_ends_where_nothing_follows() -> None:
    assert [state.name for state in MACHINE.states.values() if state.is_end] == [
        "Log mail",
        "Each",
        "Text",
        "Charge",
        "Failed",
    ]


def test_a_definition_cannot_be_changed_and_its_copy_is_the_same() -> None:
    with pytest.raises(FrozenInstanceError):
        MACHINE.states["Charge"].name = "Refund"  # type: ignore[misc]
    assert deepcopy(MACHINE) == MACHINE
    assert len({MACHINE, deepcopy(MACHINE)}) == 1


@pytest.mark.parametrize(
    ("retrier", "seconds"),
    [
        (Retrier(("E",)), 1 + 2 + 4),
        (Retrier(("E",), interval_seconds=3, max_attempts=2, backoff_rate=1), 3 + 3),
        (Retrier(("E",), interval_seconds=3, max_attempts=3, max_delay_seconds=5), 3 + 5 + 5),
        (Retrier(("E",), interval_seconds=10, max_attempts=3, max_delay_seconds=5), 5 + 5 + 5),
        (Retrier(("E",), max_attempts=0), 0),
        (Retrier(("E",), interval_seconds=0, max_attempts=99_999_999), 0),
        (Retrier(("E",), max_attempts=99_999_999), float("inf")),
        (Retrier(("E",), max_attempts=99_999_999, max_delay_seconds=4), 1 + 2 + 4 * 99_999_997),
    ],
)
def test_backoff_is_the_sum_of_the_longest_waits(retrier: Retrier, seconds: float) -> None:
    assert retrier.backoff_seconds == pytest.approx(seconds)


@given(
    interval=st.integers(0, 100),
    attempts=st.integers(0, 40),
    rate=st.floats(1, 5),
    cap=st.none() | st.integers(1, 1_000),
)
def test_backoff_equals_adding_up_wait_by_wait(interval: int, attempts: int, rate: float, cap: int | None) -> None:
    waits = islice((min(interval * rate**k, cap or float("inf")) for k in range(attempts)), attempts)
    retrier = Retrier(("E",), interval, attempts, rate, cap)
    assert retrier.backoff_seconds == pytest.approx(sum(waits), rel=1e-6, abs=1e-6)
