from __future__ import annotations

from pathlib import Path

import click
import pytest

from commands.session import DEFAULT_FOLDER, Session, examples


def test_a_store_that_nobody_named_lies_here() -> None:
    assert Session(lambda: 0).folder == DEFAULT_FOLDER
    assert Session(lambda: 0, Path("there")).folder == Path("there")


def test_the_answer_and_the_rest_go_different_ways(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session(lambda: 0)
    session.say("an answer\x07")
    session.tell("a word\x1b[2J")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("an answer\ufffd\n", "a word\ufffd[2J\n")


def test_examples_end_the_help_each_on_its_own_line() -> None:
    @click.command()
    @examples("stepscope x", "stepscope x --y")
    def command() -> None:
        """Do it.

        And more.
        """

    assert command.help == "Do it.\n\nAnd more.\n\n\b\nExamples:\n$ stepscope x\n$ stepscope x --y"


def test_settings_lie_beside_the_store_unless_named(tmp_path: Path) -> None:
    (tmp_path / "stepscope.toml").write_text("[quotas]\nListExecutions = '9/1'")
    assert Session(lambda: 0, tmp_path).settings.quotas == {"ListExecutions": "9/1"}
    other = tmp_path / "other.toml"
    other.touch()
    assert Session(lambda: 0, tmp_path, other).settings.quotas == {}
