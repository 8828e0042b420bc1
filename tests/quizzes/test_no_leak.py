"""Nothing that differs between right and wrong reaches the browser before review opens, for any kind and document."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import db, transaction
from app.quizzes.domain.attempts import Purpose
from app.quizzes.queries import question_documents
from app.quizzes.service import attempts
from app.quizzes.service.attempts import Started
from app.quizzes.shapes import Drawn
from tests.support import courses, factories, kinds_course
from tests.support.databases import empty
from tests.support.settings import NOW

LESSON = f"/courses/{courses.SLUG}/lessons/{courses.LESSONS[0]}"
ORDERED = ("1. @bus\n   > First a price.", "3. @debt-grows\n   > Then a higher one.")
OTHER_KEY = {
    "prove: D01-D03:none|5\nstance: none": "prove: D01-D05:1|2|3\nstance: firm",
    "- [ ] The rate of March is wrong": "- [x] The rate of March is wrong",
    "- [x] The slip of March leaves hours out": "- [ ] The slip of March leaves hours out",
    "The guard wrote his book later (false_alarm)": "The guard wrote his book later",
    "Right: eleven hours on six nights": "No: eleven hours, but only on some of the six nights,",
    "- [x] The rate\n": "- [ ] The rate\n",
    "- [ ] The wish of the worker": "- [x] The wish of the worker",
    "- [x] True": "- [ ] True",
    "- [ ] False": "- [x] False",
    ORDERED[0]: "1. @debt-grows\n   > Then a sum.",
    ORDERED[1]: "3. @bus\n   > Then a price.",
    "| Who was on the site? | Gate log |\n| What was paid? | Payslip |\n|  | Advert |": (
        "| Who was on the site? | Advert |\n| What was paid? | Gate log |\n|  | Payslip |"
    ),
    "- @leading\n": "- @closed\n",
    "- @closed\n  > Two words": "- @leading\n  > Two words",
    "= 100\n": "= 140 ± 3\n",
    "= *gate log*\n": "= *list of names at the gate*\n= book\n",
    "{~days|=hours} that were {=paid|counted}": "{~=days|hours} that were {=seen}",
    "{{- They were tired of the foreman. }}": "{{+ They were tired of the foreman. }}",
    "{{+ They left at seven. }}": "{{- They left at seven. }}",
    "| Open | 1 | cannot be answered": "| Wide | 3 | cannot be answered",
    "Open, and it names": "Too open, and it asks for much more than it should; it names",
    "= 3..5": "= 1..2",
    "+ debt-grows\n  > Here it grows": "- debt-grows\n  > No",
    "- bus\n  > A price": "+ bus\n  > A price",
    "~ 5\n": "+ 5\n+ 4\n",
    "+ D01-D03:none x D01-D05:eleven": "+ D01-D03:2 x D01-D05:1\n+ D01-D03:1 x D01-D05:2",
    "= *foreman*": "= the owner",
    "Legal finding -\n": "Legal finding = *theft*\n",
}
_TOKENS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}"), "ID"),
    (re.compile(r'name="(?:csrf_token|csrf|press|token)" (?:value|content)="[^"]*"'), "TOKEN"),
    (re.compile(r'(?:data-token|"csrf"): ?"?[^" ]*"|data-token="[^"]*"'), "TOKEN"),
    (re.compile(r"Officer \d+"), "OFFICER"),
    (re.compile(r'data-idle="\d+" data-left="\d+"'), "SECONDS"),
)
_OWN_HEADERS = {"Date", "Set-Cookie", "ETag", "Content-Length"}


def _answers(app: Flask, changes: dict[str, str] | None) -> list[tuple[str, str, object]]:
    """Return what a browser gets of a test and a lesson before it answers: address, text, headers."""
    with app.app_context():
        published = kinds_course.publish(changes)
        person = factories.person(language="en")
        with transaction():
            started = attempts.start(
                person_id=person,
                outline=published.outline,
                language="en",
                purpose=Purpose.TEST,
                extra_time=0,
                now=NOW,
            )
        assert isinstance(started, Started)
    client = factories.sign_in(app, person)
    path = f"/attempts/{started.public_id}"
    count = len(kinds_course.ITEMS) - 1
    addresses = [*(f"{path}/{n}" for n in range(1, count + 1)), f"{path}/check", f"{path}/state", LESSON]
    answers = [_answer(client, address) for address in addresses]
    token = factories.token(app, client)
    saves = [{"question": n, "sequence": n << 16, "body": {"fields": {"choice": ["0"]}}} for n in range(1, count + 1)]
    for save in saves:
        sent = client.post(f"{path}/saves", json={"saves": [save]}, headers={"X-CSRF-Token": token})
        answers.append(("saves", f"{sent.status_code} {_bare(sent.text)}", _headers(sent.headers)))
    with app.app_context():
        db.session.remove()
        empty(app)
    return answers


def _answer(client: FlaskClient, address: str) -> tuple[str, str, object]:
    response = client.get(address)
    assert response.status_code == 200, address
    return _bare(address), _bare(response.text), _headers(response.headers)


def _headers(headers: object) -> dict[str, str]:
    return {name: _bare(value) for name, value in dict(headers).items() if name not in _OWN_HEADERS}  # type: ignore[call-overload]


def _bare(text: str) -> str:
    for pattern, word in _TOKENS:
        text = pattern.sub(word, text)
    return text


@pytest.fixture(autouse=True)
def _same_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "randbits", lambda _bits: 12345)


def test_open_pages_are_the_same_for_two_banks_that_differ_in_their_keys(app: Flask) -> None:
    first, second = _answers(app, None), _answers(app, OTHER_KEY)
    for (address, text, headers), (_, other_text, other_headers) in zip(first, second, strict=True):
        differences = [pair for pair in zip(text.split("<"), other_text.split("<"), strict=False) if pair[0] != pair[1]]
        assert (address, differences[:3], len(text)) == (address, [], len(other_text))
        assert (address, headers) == (address, other_headers)


def test_comparison_finds_a_leak_of_the_key(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(drawn: Drawn, _shown_id: str) -> str:
        return f"{drawn.texts.stem}{len(drawn.question.item.prove)}"

    monkeypatch.setattr(question_documents, "stem", leaking)
    assert _answers(app, None) != _answers(app, OTHER_KEY)
