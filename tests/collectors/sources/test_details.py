from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from store.folder import Store
from store.records import record_named, rows_of
from tests.collectors.kept import collected, memory_store, rows
from tests.collectors.world import DAY, World, moment

FOUR = {"ListTagsForResource", "ListStateMachineVersions", "ListStateMachineAliases", "DescribeStateMachineAlias"}


@dataclass
class DetailWorld(World):
    """A `World` whose machines have tags and aliases."""

    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    aliases: dict[str, dict[str, int]] = field(default_factory=dict)

    def _ListTagsForResource(self, resourceArn: str) -> dict[str, Any]:  # noqa: N802, N803
        return {"tags": [{"key": key, "value": value} for key, value in self.tags.get(resourceArn, {}).items()]}

    def _ListStateMachineVersions(self, stateMachineArn: str, **asked: Any) -> dict[str, Any]:  # noqa: N802, N803
        arns = sorted(arn for arn in self.machines if arn.startswith(f"{stateMachineArn}:"))
        items = [{"stateMachineVersionArn": arn, "creationDate": self.machines[arn]["creationDate"]} for arn in arns]
        return self._page("stateMachineVersions", [(item, item["stateMachineVersionArn"]) for item in items], asked)

    def _ListStateMachineAliases(self, stateMachineArn: str, **asked: Any) -> dict[str, Any]:  # noqa: N802, N803
        arns = [arn for arn in self.aliases if arn.startswith(f"{stateMachineArn}:")]
        return self._page("stateMachineAliases", [({"stateMachineAliasArn": arn}, arn) for arn in arns], asked)

    def _DescribeStateMachineAlias(self, stateMachineAliasArn: str) -> dict[str, Any]:  # noqa: N802, N803
        machine, _, name = stateMachineAliasArn.rpartition(":")
        routes = self.aliases[stateMachineAliasArn]
        configured = [{"stateMachineVersionArn": f"{machine}:{one}", "weight": share} for one, share in routes.items()]
        return {"name": name, "routingConfiguration": configured, "creationDate": moment(self.now)}


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def world() -> DetailWorld:
    world = DetailWorld()
    orders = world.machine("orders")
    world.machines[orders] |= {
        "tracingConfiguration": {"enabled": True},
        "encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "key"},
    }
    world.tags[orders] = {"team": "상점"}
    world.publish(orders, "1")
    world.publish(orders, "2")
    world.aliases[f"{orders}:live"] = {"1": 90, "2": 10}
    world.machine("plain")
    return world


def read(store: Store, world: World) -> Any:
    return collected(store, world, only=("standard", "details"))


def test_a_machine_is_known_in_full(store: Store, world: DetailWorld) -> None:
    assert read(store, world).outcome == "complete"
    record = record_named("machines")
    names = [column.name for column in record.columns]
    orders, plain = (dict(zip(names, row, strict=True)) for row in rows_of(store.db, record))
    assert (orders["tags"], orders["versions"], orders["aliases"]) == ("team=상점", 2, "live: 1 90 %, 2 10 %")
    assert (orders["is_traced"], orders["encryption"]) == (1, "CUSTOMER_MANAGED_KMS_KEY")
    assert (plain["tags"], plain["versions"], plain["aliases"], plain["is_traced"]) == (None, 0, None, None)


def test_without_versions_nobody_asks_for_aliases(store: Store, world: DetailWorld) -> None:
    read(store, world)
    assert {name: world.calls[name] for name in FOUR} == dict.fromkeys(FOUR, 1) | {
        "ListTagsForResource": 2,
        "ListStateMachineVersions": 2,
    }


def test_each_machine_has_its_turn_once_a_day(store: Store, world: DetailWorld) -> None:
    read(store, world)
    world.calls.clear()
    world.now += DAY - 1
    read(store, world)
    assert not FOUR & set(world.calls)
    world.now += 1
    read(store, world)
    assert set(world.calls) >= FOUR


def test_what_is_gone_stays_with_its_date(store: Store, world: DetailWorld) -> None:
    read(store, world)
    world.aliases.clear()
    world.tags.clear()
    world.machines = {arn: one for arn, one in world.machines.items() if not arn.endswith(":1")}
    world.now += DAY
    read(store, world)
    assert [(row["version"], row["deleted_at"]) for row in rows(store, "machine_versions")] == [
        ("1", world.now),
        ("2", None),
    ]
    assert [(row["alias"], row["deleted_at"]) for row in rows(store, "machine_aliases")] == [("live", world.now)]
    assert rows(store, "machine_tags") == []


def test_a_revision_says_when_it_was_last_seen(store: Store, world: DetailWorld) -> None:
    read(store, world)
    first = world.now
    world.update(next(arn for arn in world.machines if arn.endswith(":plain")), "r2")
    world.now += DAY
    read(store, world)
    seen = {row["revision"]: row["last_seen_at"] for row in rows(store, "revisions") if row["machine_id"] == 2}
    assert seen == {"r1": first, "r2": world.now}


def test_denied_is_said_and_read_once_it_is_allowed(store: Store, world: DetailWorld) -> None:
    world.denied = {"ListTagsForResource"}
    result = read(store, world)
    assert (result.outcome, result.problems) == ("partial", ("denied ListTagsForResource",))
    world.denied = set()
    assert read(store, world).outcome == "complete"
    assert len(rows(store, "machine_details")) == 2
