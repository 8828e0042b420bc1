"""Questions of every kind: saving an answer, handing in 40 of them, the page of one beside a document of 60 lines."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from flask import Flask
from sqlalchemy import update

from app.catalogue.domain.folder import read_folder
from app.catalogue.service.preparation import prepare
from app.db.session import db, transaction
from app.factory import create_app
from app.quizzes.models import Attempt
from tests.bench.figures import Figure
from tests.support import courses, databases, kinds_course
from tests.support.attempt_client import Sitting
from tests.support.settings import LITE, settings_for

NAME = "academy_bench_kinds"
REPEATS, PAGES, HAND_INS = 40, 40, 5
QUESTIONS, UNITS = 40, 60
SAVE_MS, HAND_IN_MS, PAGE_MS, PAGE_KB = 6.0, 20.0, 8.0, 20.0
DOCUMENT = f"{courses.SLUG}/documents/messages.en.md"  # seven turns of a chat
MARK = "D01-Q13"  # asks for lines of this document


@dataclass(slots=True)
class _Measured:
    """A sitting, and figures of its requests. `number` makes each save a new one."""

    database: str
    sitting: Sitting
    token: str
    number: int = 1

    def save(self, question: int, fields: object) -> None:
        self.number += 1
        save = {"question": question, "sequence": self.number << 16, "body": {"fields": fields}}
        more = {"certainty": 2, "marked": False}
        headers = {"X-CSRF-Token": self.token}
        answer = self.sitting.client.post(f"{self.sitting.path}/saves", json={"saves": [save | more]}, headers=headers)
        assert answer.status_code == 200, answer.text


def measure(database: str, folder: Path) -> list[Figure]:
    """Measure in this process, with a test client: its own work is counted, too."""
    folder.mkdir(parents=True, exist_ok=True)
    url = databases.sqlite_url(folder) if database == LITE else databases.postgres_url(NAME)
    app = create_app(settings_for(url))
    try:
        with app.app_context():
            db.create_all()
            published = _publish()
        sittings = [Sitting(app, publish=lambda: published) for _ in range(HAND_INS + 1)]
        first, *others = [_Measured(database, sitting, sitting.token()) for sitting in sittings]
        figures = [*_page(first, app), *_saves(first)]
        _hand_in(first, app)  # the first in a process compiles its statements
        spent = median(_hand_in(other, app) for other in others)
        return [*figures, Figure(database, f"CPU of handing in {QUESTIONS} questions", spent, "ms", HAND_IN_MS)]
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if database != LITE:
            databases.drop_postgres(NAME)


def _publish() -> courses.Published:
    """Publish the course with an item of each kind; the messages get further lines."""
    files = kinds_course.files()
    more = "".join(f"- 13 Jan 09:{n:02} **Sami**: Message number {n} about the room.\n" for n in range(UNITS - 7))
    files[DOCUMENT] = files[DOCUMENT].rstrip() + b"\n" + more.encode()
    library, _problems = read_folder(files)
    return courses.publish_ready(prepare(library.courses[courses.SLUG], library.references, files), library.references)


def _saves(measured: _Measured) -> list[Figure]:
    figures = []
    for question, (kind, fields) in measured.sitting.keys().items():
        spent = _spent(lambda question=question, fields=fields: measured.save(question, fields), REPEATS)  # type: ignore[misc]
        figures.append(Figure(measured.database, f"CPU of an answer saved: {kind}", spent, "ms", SAVE_MS))
    return figures


def _page(measured: _Measured, app: Flask) -> list[Figure]:
    """Measure the page of an attempt with one question beside a long document."""
    paper = _paper(measured, app)
    _store(measured, app, [question for question in paper if question["item"] == MARK])
    path, accepted = f"{measured.sitting.path}/1", {"Accept-Encoding": "br"}
    plain = measured.sitting.client.get(path)
    assert plain.status_code == 200, plain.status
    assert f"Message number {UNITS - 8} " in plain.text
    size = len(measured.sitting.client.get(path, headers=accepted).data) / 1000
    spent = _spent(lambda: measured.sitting.client.get(path, headers=accepted), PAGES)
    _store(measured, app, paper)
    name = f"question beside a document of {UNITS} lines"
    return [
        Figure(measured.database, f"CPU of a page: {name}", spent, "ms", PAGE_MS),
        Figure(measured.database, name, size, "kB", PAGE_KB),
    ]


def _hand_in(measured: _Measured, app: Flask) -> float:
    """Return the milliseconds of grading a paper that repeats the questions until they are 40, all answered."""
    paper, keys = _paper(measured, app), measured.sitting.keys()
    _store(measured, app, [paper[n % len(paper)] for n in range(QUESTIONS)])
    for n in range(QUESTIONS):
        measured.save(n + 1, keys[n % len(paper) + 1][1])
    began = time.process_time()
    answer: Any = measured.sitting.client.post(f"{measured.sitting.path}/hand-in", data={"csrf_token": measured.token})
    spent = (time.process_time() - began) * 1000
    assert answer.location.endswith("/result"), answer.location
    return spent


def _paper(measured: _Measured, app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        text = db.session.scalars(db.select(Attempt.paper).where(Attempt.public_id == measured.sitting.attempt)).one()
    return msgspec.json.decode(text, type=list[dict[str, Any]])


def _store(measured: _Measured, app: Flask, paper: Sequence[object]) -> None:
    text = msgspec.json.encode(paper).decode()
    with app.app_context(), transaction():
        db.session.execute(update(Attempt).where(Attempt.public_id == measured.sitting.attempt).values(paper=text))


def _spent(act: Callable[[], object], times: int) -> float:
    """Return the processor time of one call in milliseconds."""
    act()
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) * 1000 / times
