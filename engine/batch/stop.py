"""What ends a batch from outside: an interrupt or a request to end, heard wherever it happens."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_REQUESTS = ("SIGINT", "SIGTERM", "SIGHUP")


class StoppedError(KeyboardInterrupt):
    """The batch was asked to end; `number` is that of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raises StoppedError when the process is asked to end.

    A database that is interrupted says so as a fault of its own, and is not believed.
    """
    heard: list[int] = []

    def hear(number: int, _frame: Any) -> None:
        heard.append(number)
        raise StoppedError(number)

    before = _listen(hear)
    try:
        yield
    except StoppedError:
        raise
    except Exception:
        if heard:
            raise StoppedError(heard[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(hear: Any) -> dict[int, Any]:
    """Hear the requests that nobody else hears; who else did so before."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    numbers = [getattr(signal, name) for name in _REQUESTS if hasattr(signal, name)]
    found = {number: signal.getsignal(number) for number in numbers}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    heard = {number: handler for number, handler in found.items() if handler in usual}
    for number in heard:
        signal.signal(number, hear)
    return heard
