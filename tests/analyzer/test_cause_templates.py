from __future__ import annotations

from random import Random

from analyzer.cause_templates import templates


def test_a_rare_word_where_most_have_a_mark_is_an_id_like_theirs() -> None:
    found = templates({"Order <id> not found": 90, "Order kjwqx not found": 1})
    assert found == {"Order <id> not found": "Order <id> not found", "Order kjwqx not found": "Order <id> not found"}


def test_a_frequent_cause_is_not_brought_under_a_rarer_one() -> None:
    causes = {"Order <id> found": 2, "Order not found": 9}
    assert templates(causes) == {cause: cause for cause in causes}


def test_many_causes_that_differ_in_one_word_are_one_with_any_word() -> None:
    names = ["alice", "bob", "carol", "dave", "erin"]
    assert set(templates({f"Customer {name} has no address": 1 for name in names}).values()) == {
        "Customer <any> has no address"
    }


def test_a_few_that_differ_in_one_word_stay_apart() -> None:
    causes = {f"{what} must be positive": 40 for what in ("price", "weight", "count")}
    assert templates(causes) == {cause: cause for cause in causes}


def test_the_order_in_which_causes_come_does_not_matter() -> None:
    causes = {f"{name} of {kind} <id> is late": n for n, name in enumerate("abcdefg") for kind in ("order", "item")}
    causes |= {"a of order kjwqx is late": 1, "Disk is full": 3}
    shuffled = list(causes.items())
    Random(3).shuffle(shuffled)
    assert templates(dict(shuffled)) == templates(causes)
