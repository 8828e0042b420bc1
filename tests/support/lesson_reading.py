"""Reading lessons for the whole of their stated minutes, and steps as a device sends them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from app.catalogue.shapes import Outline
from app.learning.domain import LessonState, Visit
from app.learning.service import lesson_progress
from tests.support.settings import NOW


def whole(outline: Outline, lesson: str, now: datetime) -> Visit:
    """Return a visit that ends now, after the stated minutes of a lesson."""
    minutes = next(entry.minutes for entry in outline.facts.lessons if entry.slug == lesson)
    return Visit(now - timedelta(minutes=minutes), minutes * 60)


def finish(person_id: UUID, outline: Outline, lesson: str, now: datetime) -> LessonState:
    """Read a lesson for its stated minutes and end it, in the caller's transaction."""
    known = {entry.slug for entry in outline.facts.lessons}
    visit = whole(outline, lesson, now) if lesson in known else None
    return lesson_progress.finish_lesson(person_id, outline, lesson, now, visit)


def token(client: FlaskClient, path: str) -> str:
    """Open a lesson's page and return its reading token."""
    match = re.search(r'data-token="([^"]+)"', client.get(path).text)
    assert match is not None
    return match[1]


def step(
    kind: str, token: str, fields: Mapping[str, Any] | None = None, *, spent: int = 10**6, **others: Any
) -> dict[str, Any]:
    """Return a step as the reading page sends it."""
    usual = {"key": token_urlsafe(18), "kind": kind, "token": token, "spent": spent, "done_at": NOW.isoformat()}
    return usual | {"fields": dict(fields or {})} | others
