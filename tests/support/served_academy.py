"""A living academy for journeys: the real courses, served on this machine, with a line that can be cut."""

import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.access.policy import Actor, Role
from app.catalogue.domain.items import Item
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.demo.history.library import PreparedCourses
from app.factory import create_app
from app.identity.models import Country
from app.identity.queries import postings
from app.kernel import clock
from app.learning.models import Enrolment, LessonProgress
from app.quizzes import queries as quizzes
from app.quizzes.domain.answers import Answer, parse
from app.quizzes.domain.display_order import to_page
from app.quizzes.domain.form_answers import to_form
from app.quizzes.domain.keys import key
from app.quizzes.domain.selection import DrawnQuestion
from app.quizzes.models import AnswerSave
from app.sign_in.domain import CodeKind
from app.sign_in.models import SignInSession
from app.sign_in.queries import factors
from app.sign_in.service import second_factor
from tests.support import databases, factories
from tests.support.settings import settings_for

LAW, GUIDE = "trafficking-smuggling-and-the-law", "how-to-use-the-academy"
VICTIMS = "recognising-victims"  # its test draws items that are matched, sorted, typed and picked
# places of the options that are right, in the order of the file; for `order` all places
Key = dict[str, list[str]]  # the filled fields of a form


class Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Say nothing: a test speaks when it fails."""


class Line:
    """What lies between browser and server; a test cuts it for addresses that end in a given way."""

    def __init__(self, wsgi: Callable[..., Any]) -> None:
        self.wsgi = wsgi
        self.cut = ""
        self.answers = False

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        lost = bool(self.cut) and environ["PATH_INFO"].endswith(self.cut)
        if lost and not self.answers:
            _hang_up(environ)
        answer = self.wsgi(environ, start)
        if lost:  # the server has done its work, but the answer is lost
            close = getattr(answer, "close", None)
            list(answer)
            if close:
                close()
            _hang_up(environ)
        return answer

    @contextmanager
    def down(self, address: str, *, answers: bool = False) -> Iterator[None]:
        """Let no request to an address arrive, or with `answers` no answer from it."""
        self.cut, self.answers = address, answers
        try:
            yield
        finally:
            self.cut = ""


def _hang_up(environ: dict[str, Any]) -> NoReturn:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


class Academy:
    """The application, its address, its line; and what a test asks behind the browser's back."""

    def __init__(self, app: Flask, server: BaseWSGIServer, line: Line) -> None:
        self.app, self.line = app, line
        self.url = f"http://localhost:{server.port}"

    def person(self, **facts: Any) -> UUID:
        with self.app.app_context():
            return factories.person(**facts)

    def end_sessions(self, person_id: UUID) -> None:
        """End every session of a person, as time or an administrator would."""
        with self.app.app_context(), transaction():
            for session in db.session.scalars(select(SignInSession).where(SignInSession.person_id == person_id)):
                db.session.delete(session)

    def session(self, person_id: UUID) -> tuple[str, str]:
        """Return name and value of the cookie of a new session, as after the form and every second step."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = factories.sign_in(self.app, person_id).get_cookie(name)
        assert cookie is not None
        return name, cookie.value

    def code(self, person_id: UUID) -> str:
        """Return a fresh code for a second step of who needs one, "" for who does not."""
        with self.app.app_context():
            if not factors.second_factor_follows(person_id, clock.today()):
                return ""
            with transaction():
                posting = postings.posting_on(person_id, clock.today())
                assert posting is not None
                db.session.get_one(Country, posting.country).printed_codes = True
                return second_factor.make_codes(person_id, CodeKind.PRINTED, clock.real_now())[0]

    def place(self, person_id: UUID, lesson: str) -> int:
        """Return the place that is remembered in a lesson, 0 when none is."""
        with self.app.app_context():
            query = (
                select(LessonProgress.place)
                .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
                .where(Enrolment.person_id == person_id, LessonProgress.lesson == lesson)
            )
            return db.session.scalar(query) or 0

    @staticmethod
    def wait_for(fact: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until something is so on the server's side; fail when it is not in time.

        The time is a limit for machines with much to do, and longer than the page's pause before it sends again.
        """
        end = time.monotonic() + seconds
        while not fact():
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.02)

    def keys(self, person_id: UUID, attempt: str) -> dict[int, tuple[Item, Key]]:
        """Return the questions of an attempt by their place, with the key as the fields of the page's form."""
        with self.app.app_context():
            view = quizzes.own(_actor(person_id), UUID(attempt))
            paper = quizzes.questions_of_attempt(view).questions
            return {n: (question.item, _on_page(question, key(question.item))) for n, question in enumerate(paper, 1)}

    def held(self, person_id: UUID, attempt: str) -> Mapping[int, Key]:
        """Return the answers that count, by the question's place, as the fields of the page's form."""
        with self.app.app_context():
            view = quizzes.own(_actor(person_id), UUID(attempt))
            paper = quizzes.questions_of_attempt(view).questions
            saves = quizzes.counted_saves(view.row_id).items()
            saved = {n: (paper[n - 1], save.body) for n, save in saves if save.body is not None}
            return {n: _on_page(question, parse(question.item, body)) for n, (question, body) in saved.items()}

    def saves(self, person_id: UUID, attempt: str) -> int:
        """Return how many saves of an attempt are stored."""
        with self.app.app_context():
            view = quizzes.own(_actor(person_id), UUID(attempt))
            query = select(func.count()).select_from(AnswerSave).where(AnswerSave.attempt_id == view.row_id)
            return db.session.scalar(query) or 0

    def newest_save(self, person_id: UUID, attempt: str) -> int:
        """Return the highest sequence number that is stored of an attempt, 0 without saves."""
        with self.app.app_context():
            view = quizzes.own(_actor(person_id), UUID(attempt))
            query = select(func.max(AnswerSave.sequence)).where(AnswerSave.attempt_id == view.row_id)
            return db.session.scalar(query) or 0

    def share(self, person_id: UUID, attempt: str) -> float | None:
        """Return what an attempt came to, from 0 to 1; None while it is open."""
        with self.app.app_context():
            return quizzes.own(_actor(person_id), UUID(attempt)).score


def publish(path: Path, stocks: Sequence[PreparedCourses]) -> None:
    """Write a SQLite file with rendered courses published: academies begin as copies of it."""
    with TemporaryDirectory() as folder:
        app = create_app(settings_for(databases.sqlite_url(Path(folder)), show_drafts=True))
        with app.app_context():
            db.create_all()
            _publish(stocks)
            db.session.remove()
            db.engine.dispose()
        save_database(Path(folder), path)


def save_database(folder: Path, path: Path) -> None:
    """Copy the database of an academy in `folder` into one file."""
    with closing(sqlite3.connect(databases.sqlite_path(folder))) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))


@contextmanager
def living(folder: Path, published: Path) -> Iterator[Academy]:
    """Serve the academy on a free port over a SQLite file in `folder` that begins as a copy of `published`."""
    shutil.copyfile(published, databases.sqlite_path(folder))
    server = make_server("127.0.0.1", 0, Flask("not ready"), threaded=True, request_handler=Quiet)
    site_url = f"http://localhost:{server.port}"
    app = create_app(settings_for(databases.sqlite_url(folder), show_drafts=True, site_url=site_url))
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
    line = Line(app.wsgi_app)
    app.wsgi_app = line  # type: ignore[method-assign, assignment]
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Academy(app, server, line)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _publish(stocks: Sequence[PreparedCourses]) -> None:
    factories.number_from(900_000)
    first, second = factories.person(), factories.person()
    for stock in stocks:
        with transaction():
            publication.store_references(stock.references, clock.now())
            for course in stock.courses:
                publication.store_draft(course, clock.now())
                publication.publish(
                    course.folder.course.id,
                    kind=VersionKind.EDITORIAL,
                    message="First version.",
                    first_id=first,
                    second_id=second,
                    now=clock.now(),
                )


def _actor(person_id: UUID) -> Actor:
    return Actor(person_id, "IQ", frozenset({Role.PRACTITIONER}))


def _on_page(question: DrawnQuestion, answer: Answer | None) -> Key:
    """Return an answer as fields; the order of marks that have none is that of their values."""
    fields = {} if answer is None else to_form(question.item, to_page(question, answer))
    return {name: sorted(values) for name, values in fields.items()}
