from __future__ import annotations

import pytest
from botocore import exceptions as boto

from collectors.refusals import SENTENCE_CHARS, is_throttle, typed
from store.errors import (
    AwsError,
    CredentialsError,
    DeniedError,
    ExpiredHistoryError,
    ListingExpiredError,
    RefusedError,
    ThrottledError,
    UnreachableError,
)


def refused(code: str, status: int = 400, message: str = "as AWS puts it") -> boto.ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return boto.ClientError(answer, "ListExecutions")  # type: ignore[arg-type]  # the members that count


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", DeniedError),
        ("KmsAccessDeniedException", DeniedError),
        ("ThrottlingException", ThrottledError),
        ("TooManyRequestsException", ThrottledError),
        ("ExpiredTokenException", CredentialsError),
        ("UnrecognizedClientException", CredentialsError),
        ("InvalidSignatureException", CredentialsError),
        ("InvalidToken", ListingExpiredError),
        ("ExecutionDoesNotExist", ExpiredHistoryError),
        ("StateMachineDoesNotExist", RefusedError),
    ],
)
def test_a_code_has_one_meaning(code: str, kind: type[AwsError]) -> None:
    error = typed(refused(code), "prod/eu-west-1", "ListExecutions")
    assert type(error) is kind
    assert (error.code, error.target, error.operation) == (code, "prod/eu-west-1", "ListExecutions")
    assert error.sentence.endswith("as AWS puts it")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_of_the_service_is_no_refusal(status: int) -> None:
    assert type(typed(refused("Whatever", status), "t", "o")) is UnreachableError


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (boto.NoCredentialsError(), CredentialsError),
        (boto.ProfileNotFound(profile="nobody"), CredentialsError),
        (boto.CredentialRetrievalError(provider="process", error_msg="no"), CredentialsError),
        (boto.EndpointConnectionError(endpoint_url="http://x"), UnreachableError),
        (boto.ReadTimeoutError(endpoint_url="http://x"), UnreachableError),
        (boto.ParamValidationError(report="wrong"), RefusedError),
    ],
)
def test_what_never_reached_aws_has_a_type_too(error: boto.BotoCoreError, kind: type[AwsError]) -> None:
    assert type(typed(error, "prod", "ListExecutions")) is kind


def test_a_long_message_is_shortened_to_one_line() -> None:
    sentence = typed(refused("AccessDeniedException", message="no\n" * 1_000), "t", "o").sentence
    assert "\n" not in sentence
    assert len(sentence) < SENTENCE_CHARS + 50


def test_braces_in_a_message_are_only_text() -> None:
    assert typed(refused("AccessDeniedException", message="{target} {0}"), "t", "o").sentence.endswith("{target} {0}")


def test_throttles_are_counted_by_their_code() -> None:
    assert is_throttle("ThrottlingException")
    assert not is_throttle("AccessDeniedException")


def test_cloudwatch_logs_says_otherwise_that_a_page_expired() -> None:
    error = typed(refused("InvalidParameterException", message="The specified nextToken is invalid."), "t", "o")
    assert type(error) is ListingExpiredError
    assert type(typed(refused("InvalidParameterException", message="limit"), "t", "o")) is RefusedError
