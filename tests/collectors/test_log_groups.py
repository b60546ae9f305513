"""What is read of a log group; how it ends in the store stands with the source that reads it."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from collectors.log_groups import LONG_AGO_MS, records_read, stretches
from store.migrations import MS_PER_DAY
from tests.collectors.log_world import KINDS, LogWorld


@given(st.integers(0, 200 * MS_PER_DAY), st.integers(0, 200 * MS_PER_DAY))
def test_stretches_leave_no_gap_and_do_not_overlap(begin: int, length: int) -> None:
    found = list(stretches(begin, begin + length))
    assert (found[0].first, found[-1].last) == (begin, begin + length)
    assert [after.first - before.last for before, after in itertools.pairwise(found)] == [1] * (len(found) - 1)
    assert all(one.last - one.first < MS_PER_DAY for one in found[length > LONG_AGO_MS :])


def test_what_is_long_ago_is_one_stretch() -> None:
    assert len(list(stretches(0, 20_000 * MS_PER_DAY))) == LONG_AGO_MS // MS_PER_DAY + 2


def test_messages_are_read_as_an_import_reads_them() -> None:
    world = LogWorld()
    machine = world.express()
    arn = world.logged(machine, fails=True)
    messages = [record.message for records in world.logs.values() for record in records]
    read = records_read("group", [*reversed(messages), "no\nrecord"])
    [part] = read.parts
    assert (part.arn, part.machine, part.status, part.event_count) == (arn, machine, "FAILED", len(KINDS))
    assert part.is_whole
    assert (read.skipped, read.rows) == (1, [])
