"""What can go wrong, as types.

Raised where the cause is known; shown in three places only: the command line, a page, the collector's log.
"""

from __future__ import annotations


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
