"""What can go wrong, as types.

Raised where the cause is known; shown in three places only: the command line, a page, the collector's log.
"""

from __future__ import annotations

from typing import ClassVar


class StepscopeError(Exception):
    """A failure that a user can understand: one sentence, and what to do about it.

    `exit_code` is what the command line ends with: 1 for something that could not be done, 2 for misuse.
    """

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class MisuseError(StepscopeError):
    """The request itself cannot be meant: an unknown name, a date that is none, two options that exclude each other."""

    exit_code = 2


class StoreMissingError(StepscopeError):
    """There is no store where one was expected."""


class StoreTooNewError(StepscopeError):
    """The store was written by a newer Stepscope than this one."""


class StoreBusyError(StepscopeError):
    """Another process is writing to the store."""


class StoreHeldError(StepscopeError):
    """Another collector has the store, and goes on with what was asked for: nothing is wrong."""

    exit_code = 0


class StoreDamagedError(StepscopeError):
    """The store could not be read as one."""


class StoreUnwritableError(StepscopeError):
    """The store's folder refuses writes: read-only, no permission, or the disk is full."""


class HistoryUnreadableError(StepscopeError):
    """What should be the events of an execution cannot be read as such."""


class PriceUnknownError(MisuseError):
    """No price is known for this region, dimension or date. A price is never guessed."""


class DefinitionError(StepscopeError):
    """A state machine's definition that cannot be read as Amazon States Language.

    `code` is the name AWS has for such a fault (API_ValidateStateMachineDefinitionDiagnostic), `location` the place as
    AWS writes it: `/States/Pay/Next`, empty for the definition as a whole.
    """

    def __init__(
        self, sentence: str, hint: str = "", code: str = "SCHEMA_VALIDATION_FAILED", location: str = ""
    ) -> None:
        super().__init__(sentence, hint)
        self.code = code
        self.location = location


class NoticeError(StepscopeError):
    """A finding could not be told to whom it should be."""


class AwsError(StepscopeError):
    """AWS did not give what was asked for.

    `target` is the account and Region that were asked, `operation` AWS's name of the call, `code` AWS's name of the
    refusal, empty when there was none; `outcome` is the word that coverage has for such a failure.
    """

    outcome: ClassVar[str] = "failed"

    def __init__(self, sentence: str, hint: str = "", target: str = "", operation: str = "", code: str = "") -> None:
        super().__init__(sentence, hint)
        self.target = target
        self.operation = operation
        self.code = code


class DeniedError(AwsError):
    """The credentials are good, but may not do this."""

    outcome = "denied"


class ThrottledError(AwsError):
    """AWS answered "slow down" to every try."""

    outcome = "throttled"


class CredentialsError(AwsError):
    """There are no credentials, or AWS no longer accepts them: nothing else will work in this target either."""

    outcome = "credentials"


class UnreachableError(AwsError):
    """No answer came, or only failures of the service itself."""

    outcome = "unreachable"


class CutAnswerError(AwsError):
    """An answer came and was not whole."""

    outcome = "cut"


class ListingExpiredError(CutAnswerError):
    """The token of a listing's next page was no longer valid: the listing has to begin again."""


class ExpiredHistoryError(AwsError):
    """AWS no longer holds this execution: it keeps closed ones for 90 days, in some accounts for 30."""

    outcome = "expired"


class RefusedError(AwsError):
    """AWS refused the call for a reason of its own, which `code` names."""


class FileUnreadableError(StepscopeError):
    """A file to be imported cannot be read: it is not there, may not be read, or is damaged."""
