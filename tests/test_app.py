from __future__ import annotations

import ast

from tests.source import nodes, project_files, syntax

PAGES = {name for name in project_files() if name.startswith("dashboard/pages/") and not name.endswith("__init__.py")}


def listed() -> list[ast.Call]:
    return [call for call in nodes("app.py", ast.Call) if ast.unparse(call.func) == "st.Page"]


def test_every_page_is_listed_once() -> None:
    paths = [call.args[0].value for call in listed() if isinstance(call.args[0], ast.Constant)]
    assert sorted(map(str, paths)) == sorted(PAGES)


def test_one_page_is_the_first() -> None:
    assert sum(any(keyword.arg == "default" for keyword in call.keywords) for call in listed()) == 1


def test_the_entry_draws_nothing() -> None:
    drawn = {ast.unparse(call.func) for call in nodes("app.py", ast.Call)} - {"st.Page", "st.App", "frame.run"}
    assert drawn == set()
    assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in syntax("app.py").body)


def test_pages_are_thin() -> None:
    lengths = {name: len(syntax(name).body) for name in PAGES}
    assert {name: length for name, length in lengths.items() if length > 25} == {}
