"""Whether an error looks as if it passes by itself: told from its name alone, so a reason to look and no verdict.

Names of AWS: developer guide of Step Functions, "Handling errors in Step Functions workflows" (reserved names) and
"Handle transient Lambda service exceptions".
"""

from __future__ import annotations

import re

LAMBDA_SERVICE_ERRORS = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
)
"""What the developer guide says to retry around every Lambda function."""

TOO_MANY_REQUESTS = "Lambda.TooManyRequestsException"

_PERMANENT = re.compile(
    r"^States\.(?:Runtime|DataLimitExceeded|ParameterPathFailure|ResultPathMatchFailure|IntrinsicFailure"
    r"|NoChoiceMatched|Permissions|QueryEvaluationError|ExceedToleratedFailureThreshold)$"
    r"|Validation|Invalid|NotFound|DoesNotExist|AccessDenied|Unauthor|Forbidden|Malformed|Schema|Unsupported"
    r"|(?:Syntax|Type|Key|Value|Name|Attribute|Import|Reference|Range)Error$",
    re.IGNORECASE,
)
_TRANSIENT = re.compile(
    r"Throttl|TooManyRequests|Rate.?Exceeded|LimitExceeded|Throughput|SlowDown|Unavailable|Time.?d?.?out|Connection"
    r"|Network|InternalServer|InternalFailure|ServiceException|AWSLambdaException|SdkClientException|Busy|Deadlock"
    r"|Temporar|Overload|Retryable|^States\.Http\.Socket$",
    re.IGNORECASE,
)


def is_permanent(error: str) -> bool:
    """The name says that the same call will fail again."""
    return bool(_PERMANENT.search(error))


def is_transient(error: str) -> bool:
    """The name says that the same call may succeed later."""
    return not is_permanent(error) and bool(_TRANSIENT.search(error))
