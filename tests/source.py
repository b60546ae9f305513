"""The project's own files, as the tests that guard the tree read them."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[1]
NOT_SHIPPED = ("tests/", "benchmarks/", "docs/", "deploy/", "build/")

Node = TypeVar("Node", bound=ast.AST)


@cache
def project_files() -> tuple[str, ...]:
    """Every file that git keeps or would keep, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(name for name in sorted(set(listing.split("\0"))) if (ROOT / name).is_file())


@cache
def shipped_modules() -> tuple[str, ...]:
    """Every Python file that is installed."""
    return tuple(name for name in project_files() if name.endswith(".py") and not name.startswith(NOT_SHIPPED))


@cache
def text(name: str) -> str:
    """A file's text; what is not UTF-8 in it is left out."""
    return (ROOT / name).read_bytes().decode("utf-8", errors="ignore")


@cache
def syntax(name: str) -> ast.Module:
    return ast.parse(text(name), filename=name)


def nodes(name: str, kind: type[Node]) -> Iterator[Node]:
    """The nodes of this kind in a file."""
    return (node for node in ast.walk(syntax(name)) if isinstance(node, kind))


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from nodes(name, ast.FunctionDef)
    yield from nodes(name, ast.AsyncFunctionDef)


def pyproject() -> dict[str, Any]:
    return tomllib.loads(text("pyproject.toml"))
