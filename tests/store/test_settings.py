from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from store.errors import MisuseError
from store.settings import Settings, TargetSettings, _structs_in, read_settings, settings_from, settings_of
from tests.source import text


def documented() -> str:
    [example] = re.findall(r"```toml\n(.+?)```", text("docs/settings.md"), re.DOTALL)
    return str(example)


def keys_of(kind: Any, above: str = "") -> set[str]:
    """Every key that a Struct takes, as in `targets.profile`; in a table with free keys only the table's own."""
    found = set()
    for field in msgspec.structs.fields(kind):
        found.add(above + field.encode_name)
        for inner in _structs_in(msgspec.inspect.type_info(field.type)):
            found |= keys_of(inner, f"{above}{field.encode_name}.")
    return found


def keys_in(document: Any, above: str = "") -> set[str]:
    """Every path of keys in a document, lists and free keys included."""
    if isinstance(document, list):
        return set().union(*(keys_in(item, above) for item in document))
    if not isinstance(document, dict):
        return set()
    return {above + key for key in document}.union(*(keys_in(part, f"{above}{key}.") for key, part in document.items()))


def test_the_documented_example_can_be_read() -> None:
    settings = settings_from(documented())
    assert settings.targets[0].machines == ("order*", "billing")
    assert settings.quotas == {"GetExecutionHistory": "5000/500"}


def test_every_key_is_documented() -> None:
    assert sorted(keys_of(Settings) - keys_in(tomllib.loads(documented()))) == []


def test_without_a_file_all_defaults_hold(tmp_path: Path) -> None:
    assert settings_of(tmp_path) == Settings() == settings_from("")


def test_the_file_in_the_folder_of_the_store_is_taken(tmp_path: Path) -> None:
    (tmp_path / "stepscope.toml").write_text('[[targets]]\nprofile = "a"')
    assert settings_of(tmp_path).targets == (TargetSettings("a"),)


def test_the_named_file_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "stepscope.toml").write_text("this is not read")
    other = tmp_path / "other.toml"
    other.write_text('[[targets]]\nregions = ["b"]')
    assert settings_of(tmp_path, other).targets == (TargetSettings(regions=("b",)),)


def test_a_named_file_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"none\.toml cannot be read: No such file"):
        settings_of(tmp_path, tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stepscope.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MisuseError, match="is no text in UTF-8"):
        settings_of(tmp_path)


REFUSED = [
    ("targets = 3", "stepscope.toml: targets: expected a list, got a whole number"),
    ('[targets]\nprofile = "a"', "stepscope.toml: targets: expected a list, got a table"),
    ('[[targets]]\nregions = "a"', "stepscope.toml: targets[0].regions: expected a list, got a text"),
    ("[[targets]]\nprofile = 3", "stepscope.toml: targets[0].profile: expected a text, got a whole number"),
    ('[[targets]]\n[[targets]]\nregion = "a"', "stepscope.toml: targets[1].region: there is no such key"),
    ("[target]", "stepscope.toml: target: there is no such key"),
    ("[slo]\nshell = 1", "stepscope.toml: slo.shell: there is no such key"),
    ('[quotas]\nListExecutions = "many"', "stepscope.toml: quotas[...]: expected a text matching regex"),
    ("targets = [", "stepscope.toml is not TOML: "),
]


@pytest.mark.parametrize(("written", "sentence"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_file_key_and_reason(tmp_path: Path, written: str, sentence: str) -> None:
    with pytest.raises(MisuseError) as refused:
        settings_from(written)
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.hint


def test_a_slip_is_answered_with_what_was_meant() -> None:
    with pytest.raises(MisuseError) as refused:
        settings_from("[[targets]]\nregion = 'a'")
    assert refused.value.hint.startswith("Did you mean regions? ")


def test_it_names_the_file_that_it_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("nope = 1")
    with pytest.raises(MisuseError, match=re.escape(f"{path}: nope: there is no such key")):
        read_settings(path)
