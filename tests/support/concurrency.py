"""Transactions of several threads at the same time."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from app.db.session import db, transaction
from app.kernel.errors import DomainError

WAIT = 0.4  # seconds that the first of two holds its transaction open
THREADS = 8
Step = Callable[[], object]


def both_at_once(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Do both, each in a transaction of its own: the second begins when the first is done and has not ended yet."""
    done, results = threading.Event(), {}

    def go(name: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            if name == 2:
                done.wait(10)
            with transaction():
                try:
                    results[name] = work()
                    db.session.flush()
                finally:
                    if name == 1:
                        done.set()
                        time.sleep(WAIT)
            db.session.remove()

    threads = [threading.Thread(target=go, args=arguments) for arguments in ((1, first), (2, second))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [results.get(1), results.get(2)]


def at_once(app: Flask, steps: Sequence[Step]) -> list[object]:
    """Take each step in a transaction of its own, eight at a time; a refusal is its answer."""

    def take(step: Step) -> object:
        with app.app_context():
            try:
                with transaction():
                    return step()
            except DomainError as error:
                return str(error)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(take, steps))
