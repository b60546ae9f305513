"""The documents say what is there: every command, word, decision and link."""

from __future__ import annotations

import importlib
import re
from pathlib import PurePosixPath

import click
import pytest

from store.schema import TABLES
from tests.source import ROOT, project_files, pyproject, text

MARKDOWN = [name for name in project_files() if name.endswith(".md")]
GENERATED = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)
DECISIONS = [name for name in MARKDOWN if re.match(r"docs/decisions/(?!0000)\d{4}-", name)]


def prose(name: str) -> str:
    """A document without its generated parts."""
    return GENERATED.sub("", text(name))


def rendered(name: str) -> str:
    """A document without the code that generates parts of it."""
    return re.sub(r"\[\[\[cog.*?\]\]\]", "", text(name), flags=re.DOTALL)


def anchors(name: str) -> set[str]:
    """The fragments that a link into a document may name, as GitHub derives them from its headings."""
    headings = re.findall(r"^#+ (.+)$", text(name), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Commands


def commands() -> dict[str, click.Command]:
    """Every command by the words that are typed after `stepscope`."""
    if not (ROOT / "cli.py").exists():
        return {}
    module, _, attribute = pyproject()["project"]["scripts"]["stepscope"].partition(":")
    entry = getattr(importlib.import_module(module), attribute)
    group = entry if isinstance(entry, click.Group) else importlib.import_module(module).stepscope
    return dict(leaves(group, ()))


def leaves(group: click.Group, above: tuple[str, ...]) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        words = (*above, name)
        found += leaves(command, words) if isinstance(command, click.Group) else [(" ".join(words), command)]
    return found


COMMANDS = commands()


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_says_what_it_does_and_shows_how(words: str) -> None:
    help_text = COMMANDS[words].help or ""
    assert help_text.strip()
    assert f"stepscope {words}" in help_text + (COMMANDS[words].epilog or ""), "an example of its use"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_explains_its_options(words: str) -> None:
    options = [option for option in COMMANDS[words].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_written_about(words: str) -> None:
    written = "".join(prose(name) for name in MARKDOWN if name != "CHANGELOG.md")
    assert re.search(rf"\bstepscope {words}\b", written)


# Words


GLOSSARY = "docs/glossary.md"
TERMS = re.findall(r"^## (.+)$", text(GLOSSARY), re.MULTILINE)
FIXED_TERMS = (
    "machine, revision, execution, state, visit, attempt, retry, transition, container, branch, iteration, root state, "
    "terminal state, caught, masked failure, pass, coverage, window, estimate"
).split(", ")

# Words of a column's name that mean what AWS or English means by them.
PLAIN = set(
    """
    account after arn at cost count day ended entered entries exited first id iterations items last map max ms note
    parent rate region scheduled seen share started status stopped submitted duration usd by
    """.split()
)


def singular(word: str) -> str:
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


def test_the_glossary_has_the_words_that_are_fixed() -> None:
    assert [term for term in FIXED_TERMS if term not in TERMS] == []


def test_every_word_in_a_column_name_is_plain_or_explained() -> None:
    explained = {word for term in TERMS for word in term.split()}
    exported = [column.name for columns in TABLES.values() for column in columns if column.exported]
    words = {word for name in exported for word in name.split("_")}
    assert [word for word in sorted(words - PLAIN) if not {word, singular(word)} & explained] == []


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_explained_in_a_few_sentences(term: str) -> None:
    [meaning] = re.findall(rf"^## {re.escape(term)}\n\n(.+?)(?=\n## |\Z)", text(GLOSSARY), re.MULTILINE | re.DOTALL)
    assert 1 <= len(re.findall(r"[.](\s|$)", meaning)) <= 4


# Decisions


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_ends_with_the_test_that_keeps_it(name: str) -> None:
    _, found, compliance = text(name).rpartition("**Compliance:**")
    assert found
    assert [path for path in re.findall(r"`(tests/[^`]+)`", compliance) if not kept_by(path)] == []
    targets = re.findall(r"`make (\w+)`", compliance)
    assert [target for target in targets if f"\n{target}:" not in text("Makefile")] == []


def kept_by(path: str) -> bool:
    """Whether a test, a test file or a folder of them exists, as `tests/test_x.py::test_name` names it."""
    file, _, name = path.partition("::")
    held = any(found == file or (file.endswith("/") and found.startswith(file)) for found in project_files())
    return held and (not name or f"def {name}(" in text(file))


# Links


@pytest.mark.parametrize("name", MARKDOWN)
def test_links_lead_somewhere(name: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", rendered(name)) if "://" not in link]
    assert [link for link in links if not leads_somewhere(name, link)] == []


def leads_somewhere(name: str, link: str) -> bool:
    path, _, fragment = link.partition("#")
    target = str(PurePosixPath(name).parent / path) if path else name
    if not (ROOT / target).exists():
        return False
    return not fragment or fragment in anchors(str((ROOT / target).resolve().relative_to(ROOT.resolve())))


def test_the_changelog_speaks_of_this_version() -> None:
    headings = re.findall(r"^## \[?([\w.]+)", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased" or headings[0] == pyproject()["project"]["version"]
