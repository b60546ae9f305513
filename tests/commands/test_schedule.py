from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.running import done, ran, refusal


@pytest.mark.parametrize(
    ("every", "times"),
    [
        ("1m", "*/1 * * * *"),
        ("15m", "*/15 * * * *"),
        ("900s", "*/15 * * * *"),
        ("1h", "0 */1 * * *"),
        ("6h", "0 */6 * * *"),
        ("1d", "0 3 * * *"),
    ],
)
def test_cron_has_a_line_for_what_divides_the_hour_or_the_day(every: str, times: str) -> None:
    assert done(ran("schedule", "--every", every)).startswith(f"{times} /")


@pytest.mark.parametrize("every", ["7m", "90m", "5h", "2d", "30s", "0m", "soon"])
def test_what_cron_cannot_say_is_refused(every: str) -> None:
    refusal(ran("schedule", "--every", every), 2)


def test_the_options_of_collect_are_passed_on_and_quoted(tmp_path: Path) -> None:
    options = ("--machine", "order*", "--region", "eu-west-1", "--region", "us-east-1")
    line = done(ran("schedule", "--store", tmp_path / "my store", *options)).strip()
    assert line.endswith(
        f"collect --store '{tmp_path}/my store' --machine 'order*' --region eu-west-1 --region us-east-1"
    )


def test_a_percent_sign_ends_no_line_of_cron(tmp_path: Path) -> None:
    assert r"100\%" in done(ran("schedule", "--store", tmp_path / "100%"))
    assert "100%%" in done(ran("schedule", "--store", tmp_path / "100%", "--systemd"))


def test_an_option_that_collect_does_not_know_is_refused() -> None:
    assert "No such option" in refusal(ran("schedule", "--nope"), 2)


def test_systemd_gets_a_service_and_a_timer() -> None:
    units = done(ran("schedule", "--systemd", "--every", "7m", "--region", "eu-west-1"))
    assert "Type=oneshot\n" in units
    assert "\nExecStart=/" in units
    assert "collect --store" in units
    assert "OnUnitActiveSec=420s" in units


def test_a_service_goes_on_by_itself() -> None:
    unit = done(ran("schedule", "--service", "--every", "5m", "--region", "eu-west-1"))
    assert "Type=exec\n" in unit
    assert " --every 5m --region eu-west-1\n" in unit
    assert "Restart=on-failure" in unit
    assert "[Timer]" not in unit


def test_it_is_a_timer_or_a_service() -> None:
    assert "exclude each other" in refusal(ran("schedule", "--systemd", "--service"), 2)


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd here")
@pytest.mark.parametrize("kind", ["--systemd", "--service"])
def test_systemd_understands_the_units(kind: str, tmp_path: Path) -> None:
    said = done(ran("schedule", kind, "--store", tmp_path / "store", "--machine", "order*"))
    for name, unit in re.findall(r"# /etc/systemd/system/(\S+)\n(.+?)(?=\n# /etc|\n# Then|\Z)", said, re.DOTALL):
        (tmp_path / name).write_text(re.sub("ExecStart=.+", "ExecStart=/bin/true", unit))
    units = [str(path) for path in tmp_path.glob("stepscope.*")]
    checked = subprocess.run([str(ANALYZE), "verify", *units], check=False, capture_output=True, text=True)
    assert units
    assert [line for line in checked.stderr.splitlines() if "stepscope." in line] == []
