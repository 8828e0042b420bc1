"""The requests and answers of automatic saves: editor.js saves lessons and cases, form_drafts.js other forms."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from flask import Response, make_response
from flask_babel import format_time

from app.catalogue.domain.lessons import PAGE_BYTES
from app.kernel import clock
from app.kernel.errors import TooLargeError
from app.kernel.shapes import ready
from app.studio.service.drafts import Conflict, SavedFile
from app.web.http.request_limits import read_json


class SentText(msgspec.Struct, frozen=True):
    """The unsaved text of the editor. `opened` is the digest of the text that the user began from."""

    body: str
    title: str = ""
    opened: str = ""


ready(SentText)


class AutosaveAnswer(msgspec.Struct, frozen=True):
    """The result of an automatic save: "saved", "merged" (with the combined text) or "conflict"."""

    state: str
    opened: str
    time: str = ""
    title: str = ""
    body: str = ""
    others: Sequence[str] = ()


class FormAnswer(msgspec.Struct, frozen=True):
    """The result of an automatic save of a form: "saved", "conflict" or "refused" with the reason in `message`.

    `opened` are new values of hidden fields by name: what the form was opened with, after the save.
    """

    state: str
    opened: Mapping[str, str]
    time: str = ""
    message: str = ""


def form_response(state: str, opened: Mapping[str, str], message: str = "") -> Response:
    """Return the answer to an automatic save of a form."""
    time = str(format_time(clock.now(), "short"))
    return _json(FormAnswer(state, opened, time, message))


def sent_text() -> SentText:
    """Return the text that was sent, or raise TooLargeError."""
    sent = read_json(SentText)
    if len(sent.body.encode()) + len(sent.title.encode()) > PAGE_BYTES:
        raise TooLargeError("The text is too long. Divide it into two parts.")
    return sent


def response(result: SavedFile | Conflict, parts: Callable[[str], tuple[str, str]], others: Sequence[str]) -> Response:
    """Return the answer to an automatic save; `parts` divides a file into the title and the text of the fields."""
    return _json(_answer(result, parts, others))


def _json(result: AutosaveAnswer | FormAnswer) -> Response:
    answer = make_response(msgspec.json.encode(result))
    answer.content_type = "application/json"
    return answer


def _answer(
    result: SavedFile | Conflict, parts: Callable[[str], tuple[str, str]], others: Sequence[str]
) -> AutosaveAnswer:
    if isinstance(result, Conflict):
        return AutosaveAnswer("conflict", result.digest, others=others)
    time = str(format_time(clock.now(), "short"))
    if not result.merged:
        return AutosaveAnswer("saved", result.digest, time, others=others)
    title, body = parts(result.content.decode())
    return AutosaveAnswer("merged", result.digest, time, title, body, others)
