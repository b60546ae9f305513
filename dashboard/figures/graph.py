"""A definition as a graph in DOT, the language of Graphviz, which the browser lays out and draws. Pure.

Each container is a box around what it holds, with a node of its own from which its first states are entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log10
from typing import NamedTuple

from dashboard.theme import GRAY, ORANGE, RED

DARK_TEXT, LIGHT_TEXT = "#1f2933", "#e6edf3"
WIDEST, THINNEST = 5.0, 0.8
"""Points of the lines of the way taken most and of one taken once."""
FAINTEST, STRONGEST = 0x18, 0xD0
"""Opacity of the least and of the greatest amount, of 255."""
NAME_CHARS = 28


class Node(NamedTuple):
    """A state: the containers around it, what to say below its name, on hover, and where a click leads.

    `weight` of 0 to 1 is how strongly it is coloured; None leaves it plain: there is nothing to say of it.
    """

    path: str
    state: str
    below: str = ""
    hover: str = ""
    url: str = ""
    weight: float | None = None


class Way(NamedTuple):
    """An edge: from a state to a state of the same container, by kind, how often, and what to write beside it."""

    path: str
    source: str
    target: str
    kind: str
    traversals: int
    beside: str = ""


def dot(nodes: Sequence[Node], ways: Sequence[Way], colour: str, *, is_dark: bool) -> str:
    """The graph as DOT. `colour` is that of the amounts, drawn the stronger the greater they are."""
    ink = LIGHT_TEXT if is_dark else DARK_TEXT
    most = max((way.traversals for way in ways), default=0)
    node = (
        f'node [shape=box style="rounded,filled" fillcolor="transparent" fontname="sans-serif" fontsize=11'
        f' height=0.3 margin="0.12,0.05" color="{GRAY}" fontcolor="{ink}" target="_self"]'
    )
    lines = [
        'digraph { rankdir=TB bgcolor="transparent" nodesep=0.25 ranksep=0.35 newrank=true',
        node,
        f'edge [fontname="sans-serif" fontsize=9 fontcolor="{ink}" arrowsize=0.6]',
        *_scope("", nodes, colour),
        *(_edge(way, most) for way in ways if way.target),
        "}",
    ]
    return "\n".join(lines)


def _scope(path: str, nodes: Sequence[Node], colour: str) -> Iterator[str]:
    """The states directly in a container, and the containers among them as boxes of their own."""
    held = {node.path for node in nodes}
    for node in nodes:
        if node.path != path:
            continue
        inside = joined(path, node.state)
        if inside in held:
            yield f"subgraph {_quoted(f'cluster {inside}')} {{"
            yield f'style="rounded,dashed" color="{GRAY}" label=""'
            yield _node(node, colour)
            yield from _scope(inside, nodes, colour)
            yield "}"
        else:
            yield _node(node, colour)


def joined(path: str, state: str) -> str:
    """The path of what a container holds."""
    name = state.replace("/", "%2F")
    return f"{path}/{name}" if path else name


def _node(node: Node, colour: str) -> str:
    label = "\n".join(part for part in (_short(node.state), node.below) if part)
    said = {"label": label, "tooltip": node.hover or node.state, "URL": node.url}
    if node.weight:
        said["fillcolor"] = f"{colour}{_opacity(node.weight):02x}"
    elif node.weight is None:
        said["style"] = "rounded,dashed"
    return f"{_quoted(_id(node.path, node.state))} [{_attributes(said)}]"


def _edge(way: Way, most: int) -> str:
    container, _, name = way.path.rpartition("/")
    source = _id(way.path, way.source) if way.source else _id(container, name.replace("%2F", "/")) if way.path else ""
    if not source:
        return ""
    said = {"penwidth": f"{_width(way.traversals, most):.1f}", "color": _EDGE_COLOURS.get(way.kind, GRAY)}
    said |= {"label": way.beside, "tooltip": f"{way.source or 'begin'} to {way.target}, {way.kind}"}
    if not way.traversals:
        said["style"] = "dashed"
    return f"{_quoted(source)} -> {_quoted(_id(way.path, way.target))} [{_attributes(said)}]"


_EDGE_COLOURS: Mapping[str, str] = {"catch": ORANGE, "": RED}
"""A way to a Catch, and one that the definition does not have."""


def _width(traversals: int, most: int) -> float:
    """By the logarithm: a hundred times the traffic is twice the line."""
    if traversals <= 0 or most <= 1:
        return THINNEST
    return THINNEST + (WIDEST - THINNEST) * log10(traversals) / log10(most)


def _opacity(weight: float) -> int:
    return round(FAINTEST + (STRONGEST - FAINTEST) * min(max(weight, 0.0), 1.0))


def _id(path: str, state: str) -> str:
    return f"{path}/{state.replace('/', '%2F')}"


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARS else f"{name[: NAME_CHARS - 1]}…"


def _attributes(said: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_quoted(value)}" for name, value in said.items() if value or name == "label")


def _quoted(text: str) -> str:
    r"""A text as DOT has it: names come from strangers, and in DOT a backslash would begin an escape such as `\N`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{"".join(_visible(escaped))}"'


def _visible(text: str) -> Iterable[str]:
    """Control characters left out; `&` would begin an entity."""
    return ("&amp;" if character == "&" else character for character in text if character.isprintable())
