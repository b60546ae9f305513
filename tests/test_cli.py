from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import cli
from commands.session import DEFAULT_FOLDER, Session, store_option
from docs.command_line import commands, stepscope
from store.errors import MisuseError, StepscopeError
from tests.commands.running import done, process, ran, refusal
from tests.source import ROOT

WORDS = [words.removeprefix("stepscope").split() for words, _ in commands(stepscope())]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_command_has_help(words: list[str]) -> None:
    text = done(ran(*words, "--help"))
    assert text.startswith("Usage: stepscope")
    assert "\x1b" not in text


def test_without_a_command_it_says_what_there_is() -> None:
    text = done(ran())
    listed = [name for name in cli.stepscope.commands if f"\n  {name} " in text]
    assert listed == list(cli.stepscope.commands)


@pytest.mark.parametrize(
    "words",
    [["nope"], ["report"], ["report", "--out"], ["facts"], ["estimate", "standard", "--transitions", "many"]],
    ids=" ".join,
)
def test_misuse_is_a_sentence_and_where_to_look(words: list[str]) -> None:
    result = ran(*words)
    assert "--help` shows how it is meant" in refusal(result, 2)
    assert result.stdout == ""


def test_the_version_is_that_of_the_package() -> None:
    assert done(ran("--version")).startswith("stepscope 0.")


class Probe:
    """A command that does what a test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder: Path | None = None
        self.fails: BaseException | None = None
        command = click.command("probe")(store_option()(click.pass_obj(self._run)))
        monkeypatch.setitem(cli.stepscope.commands, "probe", command)

    def _run(self, session: Session) -> None:
        self.folder = session.folder
        if self.fails:
            raise self.fails


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Probe:
    return Probe(monkeypatch)


def test_the_store_is_the_option_then_the_variable_then_a_folder_here(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(ran("probe"))
    assert probe.folder == DEFAULT_FOLDER
    monkeypatch.setenv("STEPSCOPE_STORE", "from-variable")
    cli.stepscope(["probe"], standalone_mode=False)
    assert probe.folder == Path("from-variable")
    cli.stepscope(["--store", "from-option", "probe"], standalone_mode=False)
    assert probe.folder == Path("from-option")


def test_the_store_may_stand_behind_the_command_and_wins_there(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPSCOPE_STORE", "from-variable")
    cli.stepscope(["--store", "before", "probe", "--store", "behind"], standalone_mode=False)
    assert probe.folder == Path("behind")


def test_an_error_is_one_sentence_a_hint_and_its_code(probe: Probe) -> None:
    probe.fails = StepscopeError("nothing was there", "Look elsewhere.")
    assert refusal(ran("probe"), 1) == "Error: nothing was there.\nLook elsewhere.\n"
    probe.fails = MisuseError("That cannot be meant.")
    assert refusal(ran("probe"), 2) == "Error: That cannot be meant.\n"


def test_what_strangers_wrote_is_text(probe: Probe) -> None:
    probe.fails = StepscopeError("machine \x1b[2J\u202e[bold]x[/bold] \x07 주문")
    assert refusal(ran("probe"), 1) == "Error: machine \ufffd[2J\ufffd[bold]x[/bold] \ufffd 주문.\n"


def test_ctrl_c_is_a_word_and_130(probe: Probe) -> None:
    probe.fails = KeyboardInterrupt()
    assert "Error: interrupted." in refusal(ran("probe"), 130)


FAULTY = "import cli; cli.policy.least_privilege = lambda *_: 1 / 0; cli.main()"


def test_what_nobody_foresaw_is_a_sentence_and_its_traceback_on_request() -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", FAULTY, *words, "policy"]
        return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)

    quiet, loud = run(), run("--debug")
    assert (quiet.returncode, loud.returncode) == (1, 1)
    assert quiet.stderr.startswith("Error: this should not have happened: ZeroDivisionError: division by zero.\n")
    assert "Traceback" not in quiet.stderr
    assert "Traceback" in loud.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = f"'{sys.executable}' -c 'from cli import main; main()' policy | head -c 1"
    result = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, check=False, capture_output=True, text=True)
    assert "Traceback" not in result.stderr


def test_exit_codes_reach_the_shell(tmp_path: Path) -> None:
    missing = process("report", "--out", tmp_path, "--store", tmp_path / "none")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert process("estimate", "standard", "--transitions", "many").returncode == 2


HEAVY = {"boto3", "botocore", "duckdb", "narwhals", "numpy", "pandas", "plotly", "pyarrow", "sqlite3", "streamlit"}


def loaded(code: str) -> set[str]:
    command = [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    return set(done.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    assert loaded("import cli") & HEAVY == set()


def test_an_import_loads_no_pandas_no_client_and_no_pages(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"events": [{"id": 1, "type": "ExecutionStarted", "timestamp": 1790812800.0}]}')
    words = ["import", str(tmp_path / "one.json"), "--machine", "orders", "--store", str(tmp_path / "store")]
    code = f"import cli\ncli.stepscope({words!r}, standalone_mode=False)"
    assert loaded(code) & {"boto3", "pandas", "plotly", "streamlit"} == set()
