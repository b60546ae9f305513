from __future__ import annotations

import json
from dataclasses import replace

from analyzer.definition import parse_definition
from tests.analyzer.advice.hinted import LAMBDA, ORDERS, facts, hints

LOOP = parse_definition(
    json.dumps(
        {
            "StartAt": "Wait",
            "States": {
                "Wait": {"Type": "Wait", "Seconds": 5, "Next": "Ask"},
                "Ask": {**LAMBDA, "Next": "Ready?"},
                "Ready?": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.ready", "BooleanEquals": True, "Next": "Done"}],
                    "Default": "Wait",
                },
                "Done": {"Type": "Succeed"},
            },
        }
    )
)


def test_a_loop_that_runs_go_around_again_and_again_is_evidence() -> None:
    given = facts(
        {"Wait": {"Type": "Wait", "Seconds": 5}},
        [
            {"state": state, "state_type": kind, "visit": n, "event_id": 10 * n + m, "visit_id": 10 * n + m}
            for n in (1, 2, 3)
            for m, (state, kind) in enumerate([("Wait", "Wait"), ("Ask", "Task"), ("Ready?", "Choice")])
        ],
        [{}],
    )
    [hint] = hints("polling_loop", replace(given, definitions={ORDERS: LOOP}))
    assert (hint.state, hint.severity, hint.occurrences, hint.occasions) == ("Wait", "medium", 3, 1)
