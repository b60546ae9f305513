"""The shape of the tree: where a test lives, how long things may be, what stands in no file."""

from __future__ import annotations

import ast
import re

from tests.source import functions, nodes, project_files, shipped_modules, text

MIRRORED = ("analyzer/", "collectors/", "commands/", "store/")
STEPS = ("store/migrations/", "store/records/")
"""A module for each, and one test that goes through all of them."""
TESTED_ELSEWHERE = {
    "collectors/api.py": "a protocol without a body; whatever answers like it is tested where it is",
    "store/errors.py": "types without behaviour; what raises them tests them",
}

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

# The one place where any failure is caught: a target's failure is recorded, and the next target has its turn.
MAY_CATCH_ALL = {"collectors/job.py"}
MAY_READ_THE_CLOCK = {"app.py", "cli.py", "dashboard/context.py"}


def mirror(name: str) -> str:
    folder, _, base = name.rpartition("/")
    return f"tests/{folder}/test_{base}"


def test_every_module_has_its_test_file() -> None:
    modules = [name for name in shipped_modules() if name.startswith(MIRRORED) and not name.endswith("__init__.py")]
    untested = [name for name in modules if mirror(name) not in project_files()]
    assert [name for name in untested if name not in TESTED_ELSEWHERE and not name.startswith(STEPS)] == []


def test_no_exception_outlives_its_reason() -> None:
    assert [name for name in TESTED_ELSEWHERE if name not in shipped_modules()] == []
    assert [name for name in TESTED_ELSEWHERE if mirror(name) in project_files()] == []


def test_modules_are_short() -> None:
    lengths = {name: len(text(name).splitlines()) for name in shipped_modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, its docstring apart."""
    docstring = ast.get_docstring(function, clean=False) or ""
    return (function.end_lineno or 0) - function.lineno + 1 - len(docstring.splitlines())


def test_functions_are_short() -> None:
    lengths = {
        (name, function.name): body_lines(function) for name in shipped_modules() for function in functions(name)
    }
    assert {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION} == {}


VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)$|Manager|Helper|Util|^(get|calculate|process)_")


def test_names_say_what_is_returned() -> None:
    modules = [name.rpartition("/")[2].removesuffix(".py") for name in shipped_modules()]
    named = [node.name for name in shipped_modules() for node in (*functions(name), *nodes(name, ast.ClassDef))]
    assert [name for name in (*modules, *named) if VAGUE.search(name)] == []


SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b"
    r"|\b(CREATE|DROP|ALTER)\s+TABLE\b|\bPRAGMA\b",
    re.DOTALL,
)


def test_sql_stands_in_the_store_only() -> None:
    outside = [name for name in shipped_modules() if not name.startswith("store/")]
    texts = [(name, node.value) for name in outside for node in nodes(name, ast.Constant)]
    assert [(name, value) for name, value in texts if isinstance(value, str) and SQL.search(value)] == []


def swallows_all(handler: ast.ExceptHandler) -> bool:
    """Whether it takes any error whatever and does not raise it again."""
    names = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"Exception"}
    )
    last = handler.body[-1]
    raised_again = isinstance(last, ast.Raise) and last.exc is None
    return bool(names & {"Exception", "BaseException"}) and not raised_again


def test_an_error_is_caught_by_its_type() -> None:
    broad = [name for name in shipped_modules() for handler in nodes(name, ast.ExceptHandler) if swallows_all(handler)]
    assert [name for name in broad if name not in MAY_CATCH_ALL] == []
    assert len(broad) <= len(MAY_CATCH_ALL)


CLOCK = re.compile(r"\b(datetime|date|dt)\.(now|utcnow|today)$|^time\.time(_ns)?$")


def test_only_the_edge_reads_the_clock() -> None:
    inside = [name for name in shipped_modules() if name not in MAY_READ_THE_CLOCK]
    called = [(name, ast.unparse(call.func)) for name in inside for call in nodes(name, ast.Call)]
    assert [(name, call) for name, call in called if CLOCK.search(call)] == []


# Put together here, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        [
            "--(extra-)?index-" + "url",
            "--find-" + "links",
            r"https?://\S+\.(whl|tar\.gz|tgz)\b",
            "pypi" + r"\.org|python" + "hosted",
            r"(^|[\s\"'=(:`])/(root|work|opt/pypi)/\w",
        ]
    ),
    re.MULTILINE,
)


def test_no_file_names_a_package_index_or_a_machine() -> None:
    named = [(name, match.group()) for name in project_files() for match in FORBIDDEN.finditer(text(name))]
    assert named == []


def test_nothing_but_a_test_looks_outside_the_project() -> None:
    outside = "../" + "shared"
    assert [name for name in project_files() if outside in text(name) and not name.startswith("tests/")] == []
