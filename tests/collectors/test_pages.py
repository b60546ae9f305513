from __future__ import annotations

from typing import Any

import pytest

from collectors.pages import NEEDED, is_whole, pages
from store.errors import CutAnswerError, ListingExpiredError


class Told:
    """Answers what it was told to, in turn."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        assert operation == "ListExecutions"
        self.asked.append(parameters)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def page(*rows: int, token: str | None = None) -> dict[str, Any]:
    return {"executions": [{"id": row} for row in rows]} | ({"nextToken": token} if token else {})


def rows(api: Told) -> list[int]:
    return [row["id"] for one in pages(api, "ListExecutions", "executions", stateMachineArn="m") for row in one]


def test_pages_follow_their_tokens() -> None:
    api = Told(page(1, 2, token="a"), page(token="b"), page(3))
    assert rows(api) == [1, 2, 3]
    assert api.asked == [
        {"maxResults": 1_000, "stateMachineArn": "m"},
        {"maxResults": 1_000, "stateMachineArn": "m", "nextToken": "a"},
        {"maxResults": 1_000, "stateMachineArn": "m", "nextToken": "b"},
    ]


def test_a_page_without_its_rows_is_cut() -> None:
    with pytest.raises(CutAnswerError):
        rows(Told(page(1, token="a"), {}))


def test_a_token_that_comes_back_is_no_listing() -> None:
    with pytest.raises(CutAnswerError, match="same nextToken twice"):
        rows(Told(page(1, token="a"), page(2, token="b"), page(3, token="a"), page(4)))


def test_an_expired_token_begins_again_once() -> None:
    api = Told(page(1, token="a"), ListingExpiredError("expired"), page(1, token="c"), page(2))
    assert rows(api) == [1, 1, 2]
    with pytest.raises(ListingExpiredError):
        rows(Told(page(1, token="a"), ListingExpiredError("x"), page(1, token="a"), ListingExpiredError("y")))


@pytest.mark.parametrize("operation", sorted(NEEDED))
def test_what_boto3_makes_of_a_cut_answer_is_not_whole(operation: str) -> None:
    assert not is_whole(operation, {"ResponseMetadata": {"HTTPStatusCode": 200}})
    assert is_whole(operation, dict.fromkeys(NEEDED[operation], ""))
