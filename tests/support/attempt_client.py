"""A client with an open attempt."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.db.session import transaction
from app.kernel import clock
from app.quizzes import queries, shapes
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.display_order import to_page
from app.quizzes.domain.form_answers import to_form
from app.quizzes.domain.keys import key
from app.quizzes.service import attempts
from app.quizzes.service.attempts import Started
from tests.support import courses, factories
from tests.support.display_order import on_page


class Sitting:
    """A person signed in, with an attempt open."""

    def __init__(
        self,
        app: Flask,
        *,
        person: UUID | None = None,
        language: str = "en",
        publish: Callable[..., courses.Published] = courses.publish,
        **more: object,
    ) -> None:
        self.app = app
        with app.app_context():
            published = publish(**more)
            self.outline = published.outline
            self.person = person or factories.person(language=language)
            self.attempt = self.begin(language)
        self.client = factories.sign_in(app, self.person)
        self.path = f"/attempts/{self.attempt}"

    def begin(self, language: str) -> UUID:
        with transaction():
            answer = attempts.start(
                person_id=self.person,
                outline=self.outline,
                language=language,
                purpose=Purpose.TEST,
                extra_time=0,
                now=clock.now(),
            )
        assert isinstance(answer, Started)
        return answer.public_id

    def token(self) -> str:
        return factories.token(self.app, self.client)

    def post(self, path: str, **fields: object) -> object:
        return self.client.post(f"{self.path}/{path}", data={"csrf_token": self.token()} | fields)

    def send(self, *saves: dict[str, object], client: FlaskClient | None = None) -> object:
        return (client or self.client).post(
            f"{self.path}/saves", json={"saves": list(saves)}, headers={"X-CSRF-Token": self.token()}
        )

    def items(self) -> list[str]:
        with self.app.app_context():
            return [slip.item for slip in queries.lock(self.attempt).slips]

    def held(self) -> dict[int, shapes.CurrentAnswer]:
        with self.app.app_context():
            return queries.counted_saves(queries.lock(self.attempt).row_id)

    def place(self, item: str) -> int:
        return self.items().index(item) + 1

    def keys(self) -> dict[int, tuple[str, dict[str, list[str]]]]:
        """Return the kind of each question and its right answer as the fields of its form."""
        with self.app.app_context():
            questions = queries.questions_of_attempt(queries.lock(self.attempt)).questions
            return {
                n: (str(question.item.kind), to_form(question.item, to_page(question, right)))
                for n, question in enumerate(questions, 1)
                if (right := key(question.item)) is not None
            }

    def shown(self, n: int, *places: int) -> list[int]:
        """Return where options of the source stand on the page of a question."""
        with self.app.app_context():
            return list(on_page(queries.lock(self.attempt).slips[n - 1].order, places))
