"""A learner's day, and the single pages of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench.ground import Ground
from tests.support.factories import PASSWORD
from tests.support.http_client import Answer, Visit

QUESTIONS = 10
LESSONS = 3
PAGE, SENT_ON = 200, 302
Done = Callable[[str, float, Answer, int], None]


def _right(name: str, _seconds: float, answer: Answer, wanted: int) -> None:
    """Let nothing be measured but what was asked for."""
    assert answer.status == wanted, (name, answer.status, answer.text[:300])


class Story:
    """One learner of a course with a test.

    `done` hears of each request by name, with its seconds, its answer and the status that is wanted.
    """

    def __init__(self, ground: Ground, name: str, port: int, done: Done = _right) -> None:
        self.visit = Visit(port)
        self.name = name
        self.slug = str(ground.course["slug"])
        self.lessons = list(ground.course["lessons"])
        self.done = done
        self.attempt = ""

    def whole(self) -> None:
        """Sign in, home, course, lessons, test of ten answers saved one by one, result, record."""
        self.sign_in()
        self.read()
        self.sit()
        self.ask("record", "/record")

    def sign_in(self) -> None:
        self.ask("sign-in form", "/sign-in")
        fields = {"name": self.name, "password": PASSWORD}
        self.send("sign-in", "/sign-in", fields)

    def read(self) -> None:
        self.ask("home", "/")
        self.ask("course", f"/courses/{self.slug}")
        for lesson in self.lessons[:LESSONS]:
            self.ask("lesson", self.lesson(lesson))
            self.send("lesson done", f"{self.lesson(lesson)}/done")

    def sit(self) -> None:
        self.begin()
        for number in range(1, QUESTIONS + 1):
            self.save(number, number << 16)
        self.ask("check", f"/attempts/{self.attempt}/check")
        self.send("hand in", f"/attempts/{self.attempt}/hand-in")
        self.ask("result", f"/attempts/{self.attempt}/result")

    def begin(self) -> None:
        self.ask("test", f"/courses/{self.slug}/test")
        self.attempt = self.send("start", f"/courses/{self.slug}/test").to.split("/")[2]
        self.ask("question", f"/attempts/{self.attempt}/1")

    def save(self, number: int, sequence: int) -> None:
        """Save an answer by script: taken back or marked, which any kind of question takes."""
        save = {"question": number, "sequence": sequence, "body": None, "certainty": 2, "marked": True}
        with self._timed("answer", PAGE) as told:
            told.append(self.visit.post_json(f"/attempts/{self.attempt}/saves", {"saves": [save]}))
        if told[0].status == 200:
            assert told[0].json()["kept"] == [[number, sequence]], told[0].text

    def lesson(self, slug: str) -> str:
        return f"/courses/{self.slug}/lessons/{slug}"

    def ask(self, name: str, path: str) -> Answer:
        with self._timed(name, PAGE) as told:
            told.append(self.visit.get(path))
        return told[0]

    def send(self, name: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        with self._timed(name, SENT_ON) as told:
            told.append(self.visit.post(path, fields))
        return told[0]

    @contextmanager
    def _timed(self, name: str, wanted: int) -> Iterator[list[Answer]]:
        told: list[Answer] = []
        began = time.perf_counter()
        yield told
        self.done(name, time.perf_counter() - began, told[0], wanted)
