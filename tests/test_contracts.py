"""The import contracts leave nobody out, and hold for the two modules that import-linter cannot read."""

from __future__ import annotations

import ast

import pytest

from tests.source import nodes, pyproject, shipped_modules, syntax

EDGES = {"app", "cli"}
SQL = {"duckdb", "sqlite3", "sqlite_utils"}
AWS = {"boto3", "botocore"}
LINTER = pyproject()["tool"]["importlinter"]
PACKAGED = pyproject()["tool"]["setuptools"]


def top_level(name: str) -> str:
    return name.split("/", maxsplit=1)[0].removesuffix(".py")


def folders() -> set[str]:
    return {name.rpartition("/")[0] for name in shipped_modules()} - {""}


def roots_imported(name: str) -> set[str]:
    """The top-level modules that a file imports, wherever in the file it does; imports are absolute."""
    plain = {alias.name for node in nodes(name, ast.Import) for alias in node.names}
    return {module.split(".")[0] for module in plain | {node.module or "" for node in nodes(name, ast.ImportFrom)}}


def layers() -> set[str]:
    [contract] = [contract for contract in LINTER["contracts"] if contract["type"] == "layers"]
    return {name for layer in contract["layers"] for name in layer.replace("|", " ").replace(":", " ").split()}


def test_every_top_level_module_has_its_place_in_the_contracts() -> None:
    present = {top_level(name) for name in shipped_modules()} - EDGES
    assert present == set(LINTER["root_packages"])
    assert present == layers()


def test_every_package_is_installed() -> None:
    found = PACKAGED["packages"]["find"]
    assert {pattern.removesuffix("*") for pattern in found["include"]} == set(LINTER["root_packages"])
    assert not found["namespaces"]
    assert set(PACKAGED["py-modules"]) == EDGES


def test_every_package_says_what_it_is_for() -> None:
    openings = {f"{folder}/__init__.py" for folder in folders()}
    assert openings <= set(shipped_modules())
    assert [name for name in sorted(openings) if not ast.get_docstring(syntax(name))] == []


@pytest.mark.parametrize(
    ("contract", "exempt"),
    [
        ("Only collectors/ speaks to AWS", {"collectors"}),
        ("Only store/ knows SQL", {"store"}),
        ("Only dashboard/ draws pages", {"dashboard"}),
    ],
)
def test_a_contract_about_one_package_binds_all_others(contract: str, exempt: set[str]) -> None:
    [bound] = [found["source_modules"] for found in LINTER["contracts"] if found["name"] == contract]
    assert set(bound) == set(LINTER["root_packages"]) - exempt


def test_nothing_imports_the_entry_points() -> None:
    assert [name for name in shipped_modules() if roots_imported(name) & EDGES] == []


def test_what_is_shipped_needs_no_test() -> None:
    recorders = {"sample_data/record.py"}  # run by hand when the workflows of the sample data change
    assert [name for name in shipped_modules() if "tests" in roots_imported(name) and name not in recorders] == []


@pytest.mark.parametrize(
    ("place", "forbidden"),
    [
        ("app.py", AWS | SQL | {"analyzer", "collectors", "sample_data"}),
        ("cli.py", AWS | SQL | {"streamlit"}),
        ("dashboard/figures", AWS | SQL | {"streamlit"}),
    ],
)
def test_what_import_linter_cannot_read_keeps_the_rules(place: str, forbidden: set[str]) -> None:
    reached = {name: roots_imported(name) & forbidden for name in shipped_modules() if name.startswith(place)}
    assert {name: roots for name, roots in reached.items() if roots} == {}
