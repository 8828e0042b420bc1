"""Measure the studio: the preview of a lesson, an automatic save, the outline of a course, an import of questions."""

import re
from collections.abc import Callable
from uuid import UUID

from app.catalogue.queries import versions
from app.db.session import db
from app.sign_in.queries import sessions as accounts
from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.support import factories, studio_site
from tests.support.http_client import Answer, Visit
from tests.support.import_files import moodle_file_of
from tests.support.live import Server

REPEATS = 60
WORDS, QUESTIONS = 1_200, 500
PREVIEW_MS, OUTLINE_MS, SAVE_MS, IMPORT_SECONDS = 60, 25, 15, 5
LONGEST = 60  # seconds that a request may take
OPENED = re.compile(r'name="opened" value="([^"]+)"')
SECTION = """## Part {number}

The officer looks at the **person** first and asks one open question in a quiet room. No one is *asked* twice.

- Look at the hands and the face.
- Ask who has the papers.

/// note | What to write down
Write what you saw, not what you think of it. Use the words of the person.
///

| Sign | Question |
| --- | --- |
| Fear | Who is with you? |
| Debt | Who pays? |

"""


def studio(ground: Ground) -> list[Figure]:
    """Measure the processor time of the pages of an author, with the child process that renders previews."""
    with Server(ground.folder, ground.url, workers=1) as server:
        author = _Author(ground, server.port)
        figures = [
            _repeated(ground, server, f"preview of {WORDS:,} words", PREVIEW_MS, author.preview),
            _repeated(ground, server, "outline of a course", OUTLINE_MS, author.outline),
            _repeated(ground, server, "automatic save", SAVE_MS, author.save),
        ]
        before = server.cpu_with_children()
        author.bring(moodle_file_of(QUESTIONS))
        took = server.cpu_with_children() - before
        figures.append(Figure(ground.database, f"CPU of an import: {QUESTIONS} questions", took, "s", IMPORT_SECONDS))
        author.visit.close()
    return figures


def _repeated(ground: Ground, server: Server, name: str, most: float, act: Callable[[int], object]) -> Figure:
    act(0)
    before = server.cpu_with_children()
    for number in range(1, REPEATS + 1):
        act(number)
    spent = server.cpu_with_children() - before
    return Figure(ground.database, f"CPU of the studio: {name}", spent / REPEATS * 1000, "ms", most)


class _Author:
    """A new trainer of the course, who has a lesson of it open in the editor."""

    def __init__(self, ground: Ground, port: int) -> None:
        self.visit = Visit(port, timeout=LONGEST)
        self.course = f"/teaching/courses/{ground.course['slug']}"
        self.lesson = f"{self.course}/lessons/{ground.course['lessons'][0]}"
        self._sign_in(ground)
        editor = self.visit.page(self.lesson)
        self.opened = OPENED.findall(editor.text)[0]

    def _sign_in(self, ground: Ground) -> None:
        (name,) = ground.fresh(1)
        with ground.app.app_context():
            studio_site.make_author(_person(name), versions.course_record(str(ground.course["slug"])).id)
            db.session.remove()
        self.visit.sign_in(name, factories.PASSWORD)
        ground.second_step(self.visit, name)

    def preview(self, number: int) -> Answer:
        return self._send("preview", number)

    def outline(self, _number: int) -> Answer:
        return self.visit.page(self.course)

    def save(self, number: int) -> None:
        answer = self._send("autosave", number).json()
        assert answer["state"] == "saved", answer
        self.opened = answer["opened"]

    def _send(self, action: str, number: int) -> Answer:
        """Send the text of the editor, a new one for each number."""
        body = {"title": "A lesson", "body": _text(number), "opened": self.opened}
        answer = self.visit.post_json(f"{self.lesson}/{action}", body)
        assert answer.status == 200, (answer.status, answer.text[:300])
        return answer

    def bring(self, content: bytes) -> None:
        """Upload a file of questions, look at what it would add, and import it."""
        self.visit.page(f"{self.course}/import")
        address = self.visit.post_file(f"{self.course}/import", "questions.xml", content).to
        self.visit.page(address)
        answer = self.visit.post(address.partition("?")[0], {"kind": "moodle-xml"})
        assert answer.status == 302, (answer.status, answer.text[:300])


def _person(name: str) -> UUID:
    credentials = accounts.credentials_by_name(name)
    assert credentials is not None
    return credentials[0]


def _text(number: int) -> str:
    """Return a lesson of so many words that no other number has."""
    text, count = f"Text {number}.\n\n", len(SECTION.split())
    return text + "".join(SECTION.format(number=part) for part in range(1, WORDS // count + 2))
