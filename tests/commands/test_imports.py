from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from commands.imports import TOLD_AT_MOST
from commands.sample import KIND
from store.folder import readable_store, writable_store
from store.passes import begun_pass
from tests.commands.dumps import DUMPS, FAILED, dump, written
from tests.commands.running import done, process, ran, refusal


def names(store: Path) -> list[str]:
    with readable_store(store) as opened:
        return [row["name"] for row in opened.db.table("executions").rows_where(order_by="name")]


def test_an_import_says_what_came_and_folds_it(tmp_path: Path) -> None:
    result = ran("import", written(tmp_path), "--store", tmp_path / "store")
    assert done(result) == "1 file: 2 executions with 23 events\nfolded 1 day: 2 executions and 5 attempts\n"
    assert names(tmp_path / "store") == ["order-1", "order-2"]


def test_a_bad_line_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "runs.ndjson"
    file.write_text(f"{json.dumps(DUMPS[0])}\nno JSON\n{json.dumps(DUMPS[1])}\n")
    result = ran("import", file, "--store", tmp_path / "store")
    said = refusal(result, 1)
    assert f"skipped: {file}:2: " in said
    assert "1 line or file skipped" in said
    assert "2 executions" in result.stdout
    assert names(tmp_path / "store") == ["order-1", "order-2"]


def test_a_line_of_another_encoding_is_skipped_alone(tmp_path: Path) -> None:
    file = tmp_path / "runs.ndjson"
    lines = [json.dumps(dump(f"order-{number}", FAILED)).encode() for number in (1, 2)]
    file.write_bytes(b"\n".join([lines[0], json.dumps(dump("?", FAILED)).encode().replace(b"?", b"\xff"), lines[1]]))
    assert f"skipped: {file}:2: " in refusal(ran("import", file, "--store", tmp_path / "store"), 1)
    assert names(tmp_path / "store") == ["order-1", "order-2"]


def test_of_very_many_bad_lines_the_first_are_named(tmp_path: Path) -> None:
    file = tmp_path / "runs.ndjson"
    file.write_text(f"{json.dumps(DUMPS[0])}\n" + "no JSON\n" * 90)
    said = refusal(ran("import", file, "--store", tmp_path / "store"), 1)
    assert said.count(f"skipped: {file}:") == TOLD_AT_MOST
    assert "skipped: 40 more\n" in said
    assert "90 lines or files skipped" in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = refusal(ran("import", tmp_path / "none.json", "--store", tmp_path / "store"), 1)
    assert "none.json" in said


def test_what_files_do_not_say_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "charge-1.json").write_text(json.dumps({"events": FAILED}))
    (tmp_path / "orders.asl.json").write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}')
    options = ("--machine", "주문", "--type", "Express", "--definition", tmp_path / "orders.asl.json")
    done(ran("import", tmp_path / "charge-1.json", *options, "--store", tmp_path / "store"))
    with readable_store(tmp_path / "store") as store:
        [machine], [revision] = store.db.table("machines").rows, store.db.table("revisions").rows
    assert (machine["name"], machine["type"], machine["region"]) == ("주문", "EXPRESS", None)
    assert "Succeed" in revision["definition"]


def test_standard_input_is_a_dash(tmp_path: Path) -> None:
    lines = "".join(f"{json.dumps(one)}\n" for one in DUMPS)
    result = process("import", "-", "--store", tmp_path / "store", input=lines)
    assert (result.returncode, names(tmp_path / "store")) == (0, ["order-1", "order-2"])


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    for told in ("folded 1 day", ""):
        assert told in done(ran("import", written(tmp_path), "--store", tmp_path / "store"))
    assert "folded" not in done(ran("import", written(tmp_path), "--store", tmp_path / "store"))


@pytest.mark.parametrize(
    "options", [(), ("x", "--type", "fast"), ("x", "--definition", "none.json"), ("x", "--definition", "latin-1")]
)
def test_misuse_is_refused(tmp_path: Path, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("latin-1").write_bytes(b"\xff\xfe\xe9")
    refusal(ran("import", *options, "--store", tmp_path / "store"), 2)
    assert not (tmp_path / "store").exists()


def test_sample_data_takes_nothing_in(tmp_path: Path) -> None:
    with writable_store(tmp_path / "store") as store:
        begun_pass(store.db, KIND, 0)
    assert "holds sample data" in refusal(ran("import", written(tmp_path), "--store", tmp_path / "store"), 2)


def test_a_store_that_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with FileLock(tmp_path / "store" / "writer.lock"):
        said = refusal(ran("import", written(tmp_path), "--store", tmp_path / "store"), 1)
    assert "another process is writing" in said


def test_a_history_that_grows_is_folded_again(tmp_path: Path) -> None:
    done(ran("import", written(tmp_path, dump("order-1", FAILED[:9])), "--store", tmp_path / "store"))
    done(ran("import", written(tmp_path, dump("order-1", FAILED)), "--store", tmp_path / "store"))
    assert "✗ FAILED" in done(ran("show", "order-1", "--store", tmp_path / "store"))
