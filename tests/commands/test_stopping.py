from __future__ import annotations

import os
import signal

import pytest

from commands.stopping import TERMINATED, TerminatedError, ends_as_told, stoppable


def test_sigterm_interrupts_once() -> None:
    with stoppable() as stop:
        assert not stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
        os.kill(os.getpid(), signal.SIGTERM)


def test_afterwards_it_means_what_it_meant() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_sigterm_interrupted_has_a_code_of_its_own() -> None:
    with stoppable() as stop, pytest.raises(TerminatedError) as told, ends_as_told(stop):
        os.kill(os.getpid(), signal.SIGTERM)
    assert told.value.exit_code == TERMINATED == 143


def test_ctrl_c_stays_ctrl_c() -> None:
    with stoppable() as stop, pytest.raises(KeyboardInterrupt), ends_as_told(stop):
        raise KeyboardInterrupt
