"""The documents say what is there: every command, word, decision and link."""

from __future__ import annotations

import ast
import json
import re
from pathlib import PurePosixPath

import botocore.loaders
import click
import pytest

from analyzer.registry import analyses
from collectors.services import ANSWERED_BY, SQS, action_of, service_of
from collectors.sources import is_chosen, sources
from docs.command_line import commands, stepscope
from store.schema import TABLES
from tests.source import ROOT, nodes, project_files, pyproject, shipped_modules, text

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


COMMANDS = {words: command for words, command in commands(stepscope()) if not isinstance(command, click.Group)}


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_says_what_it_does_and_shows_how(words: str) -> None:
    spoken = COMMANDS[words].help or ""
    assert spoken.strip()
    assert words in spoken + (COMMANDS[words].epilog or ""), "an example of its use"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_explains_its_options(words: str) -> None:
    options = [option for option in COMMANDS[words].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_written_about(words: str) -> None:
    written = "".join(prose(name) for name in MARKDOWN if name != "CHANGELOG.md")
    assert re.search(rf"\b{words}\b", written)


# The least privilege


def operations_called() -> set[str]:
    """The operations of AWS that a call in the collectors names, itself or by a constant."""
    known = {*botocore.loaders.Loader().load_service_model("stepfunctions", "service-2")["operations"], *ANSWERED_BY}
    asking = [name for name in shipped_modules() if name.startswith("collectors/") and name not in (*ANSWERING, *APART)]
    named = [argument for name in asking for call in nodes(name, ast.Call) for argument in call.args]
    named += [assigned.value for name in asking for assigned in nodes(name, ast.Assign)]
    return {str(argument.value) for argument in named if isinstance(argument, ast.Constant)} & known


ANSWERING = ("collectors/replay.py", "collectors/recordings.py")
"""They stand in for AWS, and ask nothing."""

APART = ("collectors/pricing.py", "collectors/billing.py")
"""Asked by commands of their own, `prices refresh` and `billing`, which say what they need: no part of a pass."""


def test_sources_declare_what_is_called_and_nothing_else() -> None:
    declared = {operation for source in sources() for operation in source.OPERATIONS}
    assert declared == operations_called()


def test_the_policy_of_the_readme_allows_what_sources_read() -> None:
    [policy] = re.findall(r"```json\n(.+?)```", text("README.md"), re.DOTALL)
    allowed = {action for statement in json.loads(policy)["Statement"] for action in statement["Action"]}
    declared = {operation for source in sources() if is_chosen(source, ()) for operation in source.OPERATIONS}
    assert allowed == {action_of(operation) for operation in declared if service_of(operation) != SQS}


# Words


GLOSSARY = "docs/glossary.md"
TERMS = re.findall(r"^## (.+)$", text(GLOSSARY), re.MULTILINE)
FIXED_TERMS = (
    "machine, revision, execution, state, visit, attempt, retry, transition, container, branch, iteration, root state, "
    "terminal state, caught, masked failure, pass, coverage, window, estimate"
).split(", ")

# Words of the facts' columns that mean what AWS or English means by them.
PLAIN = set(
    """
    account after arn at by ended entered entries event exited id iterations items last map max ms note parent region
    scheduled started status stopped submitted duration usd
    """.split()
)
# What a reader would take for a term, and the term.
SYNONYMS = {
    "workflow": "machine",
    "step": "state",
    "node": "state",
    "task": "state",
    "job": "execution",
    "invocation": "attempt",
    "try": "attempt",
    "deploy": "revision",
    "latency": "duration, queue or run",
}


def singular(word: str) -> str:
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


def test_the_glossary_has_the_words_that_are_fixed() -> None:
    assert [term for term in FIXED_TERMS if term not in TERMS] == []


def test_every_word_in_a_column_of_the_facts_is_plain_or_explained() -> None:
    explained = {word for term in TERMS for word in term.split()}
    exported = [column.name for columns in TABLES.values() for column in columns if column.exported]
    words = {word for name in exported for word in name.split("_")}
    assert [word for word in sorted(words - PLAIN) if not {word, singular(word)} & explained] == []


def test_no_column_has_another_word_for_a_term() -> None:
    names = {column.name for analysis in analyses().values() for column in analysis.columns}
    words = {(name, singular(word)) for name in names for word in name.split("_")}
    assert [(name, SYNONYMS[word]) for name, word in words if word in SYNONYMS] == []


def test_every_report_is_listed_with_its_question() -> None:
    listed = text("README.md")
    assert [name for name, analysis in analyses().items() if f"#{name}) | {analysis.question} |" not in listed] == []


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
