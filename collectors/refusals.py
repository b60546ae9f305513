"""What boto3 raises, as one of our types with one plain sentence."""

from __future__ import annotations

from typing import Any, NamedTuple

from botocore import exceptions as boto

from collectors.services import action_of
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

SENTENCE_CHARS = 400
SERVER_FAILED = 500
AGAIN = "then run it again: what was read is kept"


class Refusal(NamedTuple):
    """What AWS's error codes mean: our type, a sentence and what to do, both to be filled in."""

    kind: type[AwsError]
    codes: frozenset[str]
    sentence: str
    hint: str


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


THROTTLED = Refusal(
    ThrottledError,
    _codes(
        "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException"
        " RequestLimitExceeded TooManyRequestsException LimitExceededException SlowDown KmsThrottlingException"
    ),
    "{target} throttled {operation} to the last try: {message}",
    f"Lower --quota-share or wait, {AGAIN}.",
)
FAILED_ITSELF = Refusal(
    UnreachableError,
    frozenset(),
    "{target} failed at {operation} to the last try: {message}",
    f"Wait a while, {AGAIN}.",
)
REFUSED = Refusal(RefusedError, frozenset(), "{target} refused {operation}: {message}", "")
EXPIRED_PAGE = Refusal(
    ListingExpiredError,
    _codes("InvalidToken"),
    "the next page of {operation} in {target} had expired: {message}",
    "Run it again.",
)
REFUSALS = (
    THROTTLED,
    Refusal(
        DeniedError,
        _codes("AccessDenied AccessDeniedException KmsAccessDeniedException UnauthorizedOperation OptInRequired"),
        "{target} denied {operation}: {message}",
        "Allow {action}; `stepscope policy` prints the whole policy.",
    ),
    Refusal(
        CredentialsError,
        _codes(
            "ExpiredToken ExpiredTokenException RequestExpired UnrecognizedClientException InvalidClientTokenId"
            " InvalidSignatureException SignatureDoesNotMatch IncompleteSignature MissingAuthenticationToken"
            " MissingAuthenticationTokenException AuthFailure InvalidAccessKeyId NotAuthorized"
        ),
        "{target} refused the credentials at {operation}: {message}",
        f"Renew them and check this machine's clock, {AGAIN}.",
    ),
    EXPIRED_PAGE,
    Refusal(
        ExpiredHistoryError,
        _codes("ExecutionDoesNotExist"),
        "{target} no longer holds the execution: {message}",
        "",
    ),
)

NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.ProfileNotFound,
    boto.MetadataRetrievalError,
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.LoginError,
    boto.UnknownCredentialError,
    boto.InfiniteLoopConfigError,
    boto.InvalidConfigError,
    boto.ConfigParseError,
)
NO_ANSWER = (boto.ConnectionError, boto.HTTPClientError, boto.ConnectionClosedError, boto.EndpointProviderError)


def is_throttle(code: str) -> bool:
    """Whether AWS's error code asks to slow down."""
    return code in THROTTLED.codes


def typed(error: Exception, target: str, operation: str) -> AwsError:
    """The error of ours that says what boto3's error means."""
    if isinstance(error, boto.ClientError):
        return _refused(error.response, target, operation)
    if isinstance(error, NO_CREDENTIALS):
        return CredentialsError(
            f"{target} has no usable credentials: {_short(error)}",
            "Sign in (`aws sso login`, `aws configure`), or choose another --profile.",
            target,
            operation,
        )
    if isinstance(error, NO_ANSWER):
        return UnreachableError(
            f"{target} did not answer {operation}: {_short(error)}",
            f"Check the network, --region and --endpoint-url, {AGAIN}.",
            target,
            operation,
        )
    return RefusedError(f"{operation} in {target} could not be asked: {_short(error)}", "", target, operation)


def _refused(response: Any, target: str, operation: str) -> AwsError:
    """The type and words for an error that AWS itself answered."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    words = {
        "target": target,
        "operation": operation,
        "action": action_of(operation),
        "message": _short(response.get("Error", {}).get("Message") or code),
    }
    refusal = _refusal(code, status)
    if code == "InvalidParameterException" and "token" in words["message"].lower():
        refusal = EXPIRED_PAGE  # CloudWatch Logs has no code of its own for it
    return refusal.kind(refusal.sentence.format(**words), refusal.hint.format(**words), target, operation, code)


def _refusal(code: str, status: int) -> Refusal:
    otherwise = FAILED_ITSELF if status >= SERVER_FAILED else REFUSED
    return next((refusal for refusal in REFUSALS if code in refusal.codes), otherwise)


def _short(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= SENTENCE_CHARS else f"{line[:SENTENCE_CHARS]}…"
