from __future__ import annotations

import json

import pytest

from tests.commands.running import done, ran, refusal

STANDARD = ("estimate", "standard")
EXPRESS = ("estimate", "express", "--executions", 1_000_000, "--duration-ms", 30_000, "--memory-mb", 64)


def test_json_is_one_object_with_unrounded_money() -> None:
    found = json.loads(done(ran(*STANDARD, "--transitions", 5_000_001, "--json")))
    assert (found["transitions"], found["billed_transitions"], found["total_usd"]) == (5_000_001, 4_996_001, 124.900025)
    assert found.keys() == {"transitions", "billed_transitions", "total_usd", "price_checked", "price_source"}


def test_the_free_tier_can_be_left_out() -> None:
    found = json.loads(done(ran(*STANDARD, "--transitions", 4_000, "--no-free-tier", "--json")))
    assert (found["billed_transitions"], found["total_usd"]) == (4_000, 0.1)


def test_a_person_reads_a_table() -> None:
    lines = done(ran(*STANDARD, "--transitions", 5_000_000)).splitlines()
    assert lines[:3] == [
        "transitions          5,000,000",
        "billed transitions   4,996,000",
        "total               124.90 USD",
    ]
    assert "us-east-1" in lines[4]
    assert lines[5].startswith("https://aws.amazon.com/")


def test_little_money_keeps_its_digits() -> None:
    assert "0.0005 USD" in done(ran(*STANDARD, "--transitions", 20, "--no-free-tier"))


def test_express_has_its_parts_and_logs_only_when_told() -> None:
    found = json.loads(done(ran(*EXPRESS, "--json")))
    assert (found["billed_duration_ms"], found["billed_memory_mb"], found["gb_seconds"]) == (30_000, 64, 1_875_000)
    assert "logs_usd" not in found
    logged = json.loads(done(ran(*EXPRESS, "--log-level", "ALL", "--log-bytes", 1_000, "--json")))
    assert logged["total_usd"] == pytest.approx(found["total_usd"] + logged["logs_usd"])


def test_what_could_not_run_as_express_is_said_beside_the_answer() -> None:
    result = ran("estimate", "express", "--executions", 1, "--duration-ms", 300_001, "--memory-mb", 64, "--json")
    assert json.loads(result.stdout)["billed_duration_ms"] == 300_100
    assert "could only run as Standard" in result.stderr


AWS_EXAMPLE = ("--executions", 100_000_000, "--duration-ms", 10_000)
FORMULA = ("--definition-kb", 50, "--map-steps", 400, "--payload-kb", 32)


def test_the_whole_example_of_the_pricing_page_can_be_asked() -> None:
    found = json.loads(done(ran("estimate", "express", *AWS_EXAMPLE, *FORMULA, "--json")))
    assert (found["memory_mb"], found["billed_memory_mb"], found["gb_seconds"]) == (62.85, 64, 62_500_000)
    assert (found["requests_usd"], found["duration_usd"], found["total_usd"]) == (100, 382.884, 482.884)
    by_page = json.loads(done(ran("estimate", "express", *AWS_EXAMPLE, *FORMULA, "--rates", "page", "--json")))
    assert round(by_page["duration_usd"], 2) == 382.97
    assert by_page["gb_seconds"] == 62_500_000
    assert "62.85 MB by AWS's formula" in done(ran("estimate", "express", *AWS_EXAMPLE, *FORMULA))


@pytest.mark.parametrize(("steps", "billed"), [(40, 64), (60, 128)])
def test_a_wider_map_crosses_a_chunk_of_memory(steps: int, billed: int) -> None:
    sizes = ("--definition-kb", 100, "--payload-kb", 256, "--map-steps", steps)
    found = json.loads(done(ran("estimate", "express", "--executions", 1, "--duration-ms", 1, *sizes, "--json")))
    assert found["billed_memory_mb"] == billed


def test_the_case_of_the_workshop_of_aws() -> None:
    found = json.loads(done(ran(*STANDARD, "--transitions", 3 * 1_000, "--no-free-tier", "--json")))
    assert found["total_usd"] == 0.075


@pytest.mark.parametrize(
    ("executions", "usd"),
    [
        # 300 s at 64 MB are 18.75 GB-seconds, so that 192,000 of them are 3,600,000.
        (192_000, "60.012"),
        (192_001, "60.0121561875"),
        (960_000, "179.964"),
        (960_001, "179.9640855"),
    ],
)
def test_the_edges_of_the_tiers(executions: int, usd: str) -> None:
    words = ("--executions", executions, "--duration-ms", 300_000, "--memory-mb", 64, "--json")
    assert f'"duration_usd":{usd},' in done(ran("estimate", "express", *words))


@pytest.mark.parametrize(
    "words",
    [
        (*STANDARD, "--transitions", 1, "--region", "mars-1", "--json"),
        (*STANDARD, "--transitions", -1),
        (*STANDARD, "--transitions", 1.5),
        (*EXPRESS, "--region", "mars-1"),
        (*EXPRESS, "--log-level", "LOUD", "--log-bytes", 1),
        ("estimate", "express", "--executions", 1, "--duration-ms", "nan", "--memory-mb", 64),
        ("estimate", "express", "--executions", 1, "--duration-ms", 1),
        ("estimate", "express", "--executions", 1, "--duration-ms", 1, "--definition-kb", 1),
        (*EXPRESS, "--map-steps", 2),
        (*EXPRESS, "--rates", "page", "--region", "sa-east-1"),
    ],
)
def test_what_cannot_be_answered_is_misuse_and_prints_nothing(words: tuple[object, ...]) -> None:
    result = ran(*words)
    refusal(result, 2)
    assert result.stdout == ""


WORKLOAD = ("estimate", "workload", "--executions", 1_000_000, "--states", 8, "--duration-ms", 1_000)


def test_a_workload_is_priced_both_ways() -> None:
    found = json.loads(done(ran(*WORKLOAD, "--json")))
    assert (found["transitions"], found["standard_usd"], found["cheaper_type"]) == (8_000_000, 199.9, "EXPRESS")
    assert found["express_usd"] == 1 + 62_500 * 0.00001667
    text = done(ran(*WORKLOAD, "--log-level", "ALL"))
    assert "199.90" in text
    assert "of that, logs" in text


def test_a_workload_with_a_distributed_map_is_not_express() -> None:
    result = ran(*WORKLOAD, "--items", 100, "--batch", 10, "--json")
    assert json.loads(result.stdout)["transitions"] == 18_000_000
    assert json.loads(result.stdout)["obstacle"] == "Express has no Distributed Map."


def test_polling_without_an_interval_and_an_unknown_region_are_refused() -> None:
    assert "asked for every so many seconds" in refusal(ran(*WORKLOAD, "--poll-for", 60), 2)
    assert "mars-north-1" in refusal(ran(*WORKLOAD, "--region", "mars-north-1"), 2)
