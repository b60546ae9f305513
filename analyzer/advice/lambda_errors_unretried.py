"""Lambda functions whose service errors are not retried."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, Severity, times
from analyzer.retriers import retrier_for
from analyzer.transience import LAMBDA_SERVICE_ERRORS, TOO_MANY_REQUESTS

WATCHED = (*LAMBDA_SERVICE_ERRORS, TOO_MANY_REQUESTS)


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Lambda tasks that do not retry some service error, with how often they failed with one of those."""
    for machine, state in evidence.states():
        if state.service != "lambda":
            continue
        bare = [error for error in WATCHED if retrier_for(state.retriers, error) is None]
        if not bare:
            continue
        use = evidence.use(machine, state.name)
        hit = [error for error in evidence.errors(machine, state.name) if error.error in bare]
        failures, ended = sum(error.failures for error in hit), sum(error.ended for error in hit)
        failed = f"{times(failures, 'attempt')} of {use.attempts:,} failed with {_named(bare)}"
        said = f"{failed}, not retried; {ended:,} ended a run."
        yield Hint(machine, state.name, _severity(failures, ended), said, failures, use.attempts)


def _severity(failures: int, ended: int) -> Severity:
    if ended:
        return "high"
    return "medium" if failures else "info"


def _named(errors: list[str]) -> str:
    return errors[0] if len(errors) == 1 else "errors of the Lambda service"


RULE = Rule(
    question="Are errors of the Lambda service retried?",
    threshold="one attempt that failed with an error of the Lambda service that the state does not retry",
    why="Lambda fails now and then for reasons of its own, and refuses calls above its concurrency.",
    fix="Retry Lambda.ClientExecutionTimeoutException, Lambda.ServiceException, Lambda.AWSLambdaException,"
    " Lambda.SdkClientException and Lambda.TooManyRequestsException: IntervalSeconds 2, MaxAttempts 6, BackoffRate 2.",
    hints=hints,
)
