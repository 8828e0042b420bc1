"""Learners who save one answer after the other over HTTP, and remember what was acknowledged."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from flask import Flask
from sqlalchemy import text

from app.db.session import db
from app.quizzes.domain import saves
from app.quizzes.domain.selection import StoredQuestion
from tests.soak.ground import Ground
from tests.support import courses as course
from tests.support.display_order import body_on_page

Key = tuple[str, int, int]  # attempt, question, sequence
AWAY = (OSError, HTTPException)
PAUSE = 0.05


class Learner:
    """A person who is signed in and takes the test."""

    def __init__(self, ground: Ground, person_id: UUID, port: int) -> None:
        self.visit = ground.visit(person_id, port, timeout=10)
        answer = self.visit.post(f"/courses/{course.SLUG}/test")
        assert answer.to.startswith("/attempts/"), (answer.status, answer.to, answer.text[:300])
        self.person_id = person_id
        self.attempt = answer.to.split("/")[2]
        self.slips = paper(ground.app, self.attempt)
        self.items = [slip.item for slip in self.slips]
        self.acknowledged: dict[Key, object] = {}
        self.repeats = 0
        self.strange: list[str] = []
        self._counters = count(1)

    def saves(self) -> Iterator[dict[str, object]]:
        """Yield one save after another, each question in turn, right and wrong by turns."""
        for number in self._counters:
            question = number % len(self.items) + 1
            body = (course.RIGHT if number % 3 else course.WRONG)[self.items[question - 1]]
            yield {"question": question, "sequence": number << 16 | 7, "body": body, "certainty": number % 3 + 1}

    def save(self, *given: Mapping[str, object]) -> bool:
        """Send saves once; say whether all were acknowledged."""
        shown = [self._on_page(one) for one in given]
        answer = self.visit.post_json(f"/attempts/{self.attempt}/saves", {"saves": shown})
        if answer.status != 200:
            if answer.status != 503:
                self.strange.append(f"{answer.status} {answer.text[:200]}")
            return False
        told = {(self.attempt, question, sequence) for question, sequence in answer.json()["kept"]}
        sent = {(self.attempt, one["question"], one["sequence"]): one["body"] for one in given}
        if told != sent.keys():
            self.strange.append(answer.text[:200])
            return False
        self.acknowledged |= sent  # type: ignore[arg-type]
        return True

    def _on_page(self, one: Mapping[str, Any]) -> dict[str, object]:
        return {**one, "body": body_on_page(self.slips[one["question"] - 1].order, one["body"])}

    def save_until_kept(self, answer: Mapping[str, object], stop: threading.Event) -> None:
        """Send a save again and again, as the script of a page does, until it is acknowledged."""
        while not stop.is_set():
            try:
                if self.save(answer):
                    return
            except AWAY:
                self.repeats += 1
            time.sleep(PAUSE)

    def write(self, stop: threading.Event) -> None:
        for one in self.saves():
            if stop.is_set():
                return
            self.save_until_kept(one, stop)


def settle(ground: Ground, count: int, port: int) -> list[Learner]:
    return [Learner(ground, person_id, port) for person_id, _name in ground.people(count)]


def write_while(
    learners: list[Learner], kills: int, kill: Callable[[int], None], *, more: Callable[[], int] = lambda: 12
) -> None:
    """Let all learners write; call `kill` again and again, each time after `more()` saves were acknowledged."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.write, args=(stop,)) for one in learners]
    for thread in threads:
        thread.start()
    try:
        for number in range(kills):
            _wait_for_more(learners, more())
            kill(number)
        _wait_for_more(learners, more())
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for one in learners:
            one.visit.close()


def lost(ground: Ground, learners: list[Learner]) -> list[Key]:
    """Return the last acknowledged saves of each question that are not stored as they were given.

    The server stores the last ten; one of them may have been stored without its response having arrived.
    """
    there = stored(ground.app)
    last = {key: body for learner in learners for key, body in _last(learner.acknowledged, saves.LAST - 1)}
    return [key for key, body in last.items() if key not in there or there[key] != body]


def _last(acknowledged: Mapping[Key, object], count: int) -> Iterator[tuple[Key, object]]:
    """Yield the saves with the highest numbers of each question."""
    by_question: dict[int, int] = {}
    for key in sorted(acknowledged, reverse=True):
        by_question[key[1]] = by_question.get(key[1], 0) + 1
        if by_question[key[1]] <= count:
            yield key, acknowledged[key]


def stored(app: Flask) -> dict[Key, object]:
    """Return every save in the database."""
    query = (
        "SELECT a.public_id, s.question, s.sequence, s.body FROM answer_save s JOIN attempt a ON a.id = s.attempt_id"
    )
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.execute(text(query)).all()
    return {(str(UUID(str(row[0]))), row[1], row[2]): msgspec.json.decode(row[3]) for row in rows}


def paper(app: Flask, attempt: str) -> list[StoredQuestion]:
    """Return the questions of an attempt in order."""
    from app.quizzes import queries

    with app.app_context():
        found = queries.lock(UUID(attempt))
        db.session.rollback()
        return list(found.slips)


def _wait_for_more(learners: list[Learner], more: int, looks: int = 12_000) -> None:
    wanted = sum(len(one.acknowledged) for one in learners) + more
    while sum(len(one.acknowledged) for one in learners) < wanted:
        looks -= 1
        assert looks, [one.strange[-3:] for one in learners]
        time.sleep(0.01)
