from __future__ import annotations

import json
from pathlib import Path

from tests.commands.running import done, ran, refusal


def written(folder: Path, rules: str) -> Path:
    """A file with these rules."""
    file = folder / "rules.toml"
    file.write_text(f"[rules]\ndays = 90\n{rules}\n", encoding="utf-8")
    return file


def test_without_rules_nothing_is_broken(sample: Path) -> None:
    assert done(ran("check", "--store", sample)) == "No rule is broken.\n"


def test_a_broken_rule_is_told_with_its_figures_and_exit_code_1(sample: Path, tmp_path: Path) -> None:
    result = ran("check", "--store", sample, "--config", written(tmp_path, "failure_rate = 0.0001"))
    assert "broken" in refusal(result, 1)
    assert all("failure_rate" in line and "executions" in line for line in result.stdout.splitlines())


def test_findings_as_json_have_their_numbers(sample: Path, tmp_path: Path) -> None:
    result = ran("check", "--json", "--store", sample, "--config", written(tmp_path, "p95_ms = 1"))
    refusal(result, 1)
    found = json.loads(result.stdout)
    assert {one["rule"] for one in found} == {"p95_ms"}
    assert all(one["value"] > one["threshold"] == 1 for one in found)


def test_a_threshold_that_cannot_be_meant_is_misuse(sample: Path, tmp_path: Path) -> None:
    result = ran("check", "--store", sample, "--config", written(tmp_path, "failure_rate = 5"))
    assert "rules.failure_rate" in refusal(result, 2)
