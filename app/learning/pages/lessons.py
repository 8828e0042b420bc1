"""View models of the page of a lesson."""

import re
from collections.abc import Sequence
from html import unescape
from itertools import groupby
from typing import Any

from flask import url_for

from app.catalogue.domain.courses import LessonEntry
from app.catalogue.shapes import LessonText
from app.learning.labels import nodes
from app.learning.shapes import CourseStanding
from app.markup.shapes import LessonSection
from app.web.trusted_html import stored

_BODY = '<div class="flow-s">'  # of a block, as markup makes it
_TAG = re.compile(r"<[^>]*>")


def rail(status: CourseStanding, slug: str, code: str) -> list[dict[str, Any]]:
    """Return the lessons beside a lesson."""
    states = nodes(status, slug)
    return [
        {
            "number": number,
            "title": status.outline.lesson_title(entry.slug, code),
            "href": url_for("learning.lesson", course=status.outline.slug, lesson=entry.slug),
            "lang": code if code in status.outline.lessons[entry.slug] else status.outline.facts.source_language,
            "node": node,
        }
        for number, (entry, node) in enumerate(zip(status.outline.facts.lessons, states, strict=True), 1)
    ]


def parts(text: LessonText, country: str) -> list[dict[str, Any]]:
    """Return a lesson's parts: html, checks, and country notes with the reader's own open and the others folded."""
    chunks: list[dict[str, Any]] = []
    for kind, run in groupby(text.rendered.parts, key=lambda part: part.kind):
        if kind == "country":
            chunks.append(_notes(list(run), country))
        elif kind == "check":
            chunks += [
                {"kind": "check", "item": section.ref, "html": stored(section.html), "anchor": section.anchor}
                for section in run
            ]
        else:
            chunks += [{"kind": "html", "html": stored(section.html)} for section in run]
    return chunks


def warning(entry: LessonEntry, text: LessonText, skip_href: str) -> dict[str, Any] | None:
    """Return the warning of a lesson's content; its text is in the lesson's first sensitive block."""
    if not entry.warning:
        return None
    message = _words_of_first_block(text)
    return {"level": entry.warning, "text": message, "skip_href": skip_href, "support_href": url_for("about.support")}


def _words_of_first_block(text: LessonText) -> str:
    """Return what the sensitive block at the head of a lesson says; the page hides it below (.warned in the styles)."""
    html = text.rendered.parts[0].html if text.rendered.parts else ""
    start = html.find(_BODY)
    plain_text = _TAG.sub(" ", html[start : html.find("</div>", start)]) if start >= 0 else ""
    return unescape(" ".join(plain_text.split()))


def _notes(run: Sequence[LessonSection], country: str) -> dict[str, Any]:
    own = [stored(part.html) for part in run if part.ref == country]
    others = [stored(part.html) for part in run if part.ref != country]
    return {"kind": "country", "own": own, "others": others}
