"""The fields of one object in a definition, each read as what it must be or refused with a reason.

Only fields that Stepscope uses are looked at: a definition that AWS accepted, or an emulator ran, is worth reading even
when it holds fields that are new or wrong. Definitions copied out of a CloudFormation template are read as well:
`{"Fn::Sub": "text"}` is its text, any other function is a value not known yet.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from store.errors import DefinitionError

# Beyond any figure that AWS accepts, and exact in every engine.
LARGEST_NUMBER = 2**53

_JSON_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (type(None), "null"),
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    ((list, tuple), "a list"),
    (Mapping, "an object"),
)

_shortened = reprlib.Repr()
_shortened.maxstring = 80


class RepeatedKeys(dict[str, object]):
    """A JSON object that gave some keys twice. The last value counts, as for every common JSON reader."""

    repeated: tuple[str, ...] = ()


class Fields(NamedTuple):
    """An object of a definition: its values, what to call it within a sentence, and where it stands."""

    values: Mapping[object, object]
    label: str
    location: str = ""

    def refusal(self, reason: str, key: str = "", code: str = "SCHEMA_VALIDATION_FAILED") -> DefinitionError:
        """The error that says what is wrong here."""
        location = f"{self.location}/{key}" if key else self.location
        sentence = f"{self.label[:1].upper()}{self.label[1:]} {reason}."
        return DefinitionError(sentence, code=code, location=location)

    def has(self, key: str) -> bool:
        """Whether the field is given; null is as good as absent."""
        return self.values.get(key) is not None

    def text(self, key: str) -> str:
        """The field's text, or empty."""
        value = self._resolved(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong_kind(key, "text")
        return storable(value)

    def literal(self, key: str) -> str:
        """The field's text when it is one as it stands: neither an expression nor anything but text; else empty."""
        value = self._resolved(key)
        if not isinstance(value, str) or value.lstrip().startswith("{%"):
            return ""
        return storable(value)

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """The field's text, which must be one of these."""
        text = self.text(key) or default
        if text not in allowed:
            raise self.refusal(f"has {key} {quoted(text)}; it can be {' or '.join(allowed)}", key)
        return text

    def number(self, key: str) -> float | None:
        """The field's number; None when absent or when an expression stands for it."""
        value = self._resolved(key)
        if value is None or isinstance(value, str):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong_kind(key, "a number")
        if not 0 <= value <= LARGEST_NUMBER:
            raise self.refusal(f"has {key} out of range", key)
        return value

    def constant(self, key: str, default: float, at_least: float = 0) -> float:
        """The field's number where no expression is possible."""
        if isinstance(self._resolved(key), str):
            raise self._wrong_kind(key, "a number")
        value = self.number(key)
        if value is not None and value < at_least:
            raise self.refusal(f"has {key} {quoted(value)}; it cannot be below {at_least:g}", key)
        return default if value is None else value

    def flag(self, key: str) -> bool:
        """Whether the field is true; absent is false."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self._wrong_kind(key, "true or false")
        return value is True

    def names(self, key: str) -> tuple[str, ...]:
        """The field's list of texts, which must have one at least."""
        values = self.values.get(key)
        if not isinstance(values, list | tuple) or not values:
            raise self.refusal(f"needs {key}, a list of error names", key)
        if not all(isinstance(value, str) for value in values):
            raise self.refusal(f"has something in {key} that is not text", key)
        return tuple(storable(value) for value in values)

    def inner(self, key: str) -> Fields | None:
        """The field's object; None when absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self._wrong_kind(key, "an object")
        return Fields(value, f"{key} of {self.label}", f"{self.location}/{key}")

    def each(self, key: str, noun: str) -> Iterator[Fields]:
        """The objects of the field's list, none when absent, called `<noun> 1 of ...` and so on."""
        values = self.values.get(key)
        if values is None:
            return
        if not isinstance(values, list | tuple):
            raise self._wrong_kind(key, "a list")
        for index, value in enumerate(values):
            entry = Fields({}, f"{noun} {index + 1} of {self.label}", f"{self.location}/{key}[{index}]")
            if not isinstance(value, Mapping):
                raise entry.refusal(f"must be an object, not {_kind(value)}")
            yield entry._replace(values=value)

    def at_most_one(self, *keys: str) -> str:
        """Which of these fields is given; two that exclude each other would leave open which one counts."""
        given = [key for key in keys if self.has(key)]
        if len(given) > 1:
            raise self.refusal(f"has both {given[0]} and {given[1]}", given[1])
        return given[0] if given else ""

    def _resolved(self, key: str) -> object:
        return _template_value(self.values.get(key))

    def _wrong_kind(self, key: str, wanted: str) -> DefinitionError:
        return self.refusal(f"has {key} that must be {wanted}, not {_kind(self.values.get(key))}", key)


def quoted(value: object) -> str:
    """A value for a sentence: short, and with nothing in it that a terminal or a page could act on."""
    return _shortened.repr(value)


def storable(text: str) -> str:
    """The text with `?` for halves of characters, which no file and no table can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _template_value(value: object) -> object:
    """What a CloudFormation function in place of a value says before it is deployed."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return value
    name, argument = next(iter(value.items()))
    if name == "Fn::Sub":
        return argument[0] if isinstance(argument, list) and argument else argument
    return None if name == "Ref" or str(name).startswith("Fn::") else value


def _kind(value: object) -> str:
    return next((name for kind, name in _JSON_KINDS if isinstance(value, kind)), type(value).__name__)
