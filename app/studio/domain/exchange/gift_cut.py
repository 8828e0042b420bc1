"""Cut a GIFT file into questions: comments, categories, titles, formats, and the answers in braces.

The format is described in the documentation of Moodle, "GIFT format".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FORMATS = ("html", "markdown", "moodle", "plain")

_CATEGORY = "$CATEGORY:"
_TAG = re.compile(r"\[(tag|id):((?:\\\]|[^\[\]\n])*+)\]")
_TITLE = re.compile(r"\s*+::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*+\[(html|markdown|moodle|plain)\]")
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_HIDDEN = {sign: chr(0xE300 + place) for place, sign in enumerate("\\:#={}~n")}
_SHOWN = {ord(hidden): "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """A question whose escaped characters are hidden; `answer` is None without braces, `closed` says if they end."""

    line: int
    name: str
    text_format: str
    before: str
    answer: str | None
    after: str
    closed: bool
    tags: tuple[str, ...]


def hide_escapes(text: str) -> str:
    """Replace each escaped character by a private one, so that it means nothing."""
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], text)


def show_escapes(text: str) -> str:
    r"""Replace the private characters by the characters that were escaped, `\n` by a line end."""
    return text.translate(_SHOWN)


def split_format(text: str) -> tuple[str, str]:
    """Return the format at the beginning of a text, or an empty text, and the text after it."""
    match = _FORMAT.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def cut_questions(text: str) -> Iterator[GiftQuestion]:
    """Yield the questions of a file; an empty line ends a question."""
    category_tags: tuple[str, ...] = ()
    for first, lines in _paragraphs(text):
        tags: list[str] = []
        body = []
        for line in lines:
            if line.startswith("//"):
                tags += map(_tag, _TAG.finditer(line))
            elif line.startswith(_CATEGORY):
                category_tags = (f"category={line.removeprefix(_CATEGORY).strip()}",)
            else:
                body.append(line)
        if body:
            yield _cut_question(first, "\n".join(body), (*tags, *category_tags))


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    paragraph: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        stripped = line.strip()
        if stripped:
            paragraph.append(stripped)
        elif paragraph:
            yield number - len(paragraph), paragraph
            paragraph = []


def _tag(match: re.Match[str]) -> str:
    value = match[2].replace("\\]", "]")
    return value if match[1] == "tag" else f"idnumber={value}"


def _cut_question(line: int, text: str, tags: tuple[str, ...]) -> GiftQuestion:
    text = hide_escapes(text)
    title = _TITLE.match(text)
    name = show_escapes(title[1]).strip() if title else ""
    text_format, text = split_format(text[title.end() :] if title else text)
    before, opened, answer_text = text.partition("{")
    answer, closed, after = answer_text.partition("}")
    return GiftQuestion(
        line=line,
        name=" ".join(name.split())[:200],
        text_format=text_format or "moodle",
        before=before,
        answer=answer.strip() if opened else None,
        after=after,
        closed=bool(closed),
        tags=tags,
    )
