"""Serve lesson texts and `/media/<digest>` of published versions; browsers may store unrestricted ones."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from app.access.guard import requires
from app.access.policy import Action, Sensitivity
from app.catalogue.domain.drawings import STYLE_HASH
from app.catalogue.queries import courses, version_media
from app.catalogue.queries.version_media import StoredMedium
from app.catalogue.shapes import LessonText, Outline
from app.web.http.stored_content import ContentResponse
from app.web.settings import settings

bp = Blueprint("catalogue", __name__)
IMMUTABLE = "private, max-age=31536000, immutable"


@bp.get("/courses/<slug:course>/v<small:number>/<slug:lesson>/<lang:language>")
@requires(Action.READ_COURSE, load=courses.visible_version)
def fragment(outline: Outline, course: str, number: int, lesson: str, language: str) -> ResponseReturnValue:
    """Send the stored text of a lesson of a version, which never changes."""
    text = courses.lesson(outline.version_id, lesson, language)
    if text.translation == "draft" and not settings().show_drafts:
        raise NoResultFound
    response = make_response(_joined(text))
    response.content_type = "text/html; charset=utf-8"
    _let_cache(response, text.etag, outline.sensitivity)
    return response.make_conditional(request)


@bp.get("/media/<digest:digest>")
@requires(Action.READ_COURSE, load=version_media.visible_medium)
def medium(medium_file: StoredMedium, digest: str) -> ResponseReturnValue:
    """Send a picture or recording of a course, by the hash of its content."""
    response = ContentResponse(digest, medium_file.size, medium_file.content, medium_file.kind)
    drawn = medium_file.kind == "image/svg+xml"
    paint = f"style-src '{STYLE_HASH}'; " if drawn else ""
    response.headers["Content-Security-Policy"] = f"default-src 'none'; {paint}sandbox"
    if drawn or not medium_file.kind.startswith(("image/", "audio/", "video/")):
        response.headers["Content-Disposition"] = "attachment"
    _let_cache(response, digest, medium_file.sensitivity)
    return response.for_request()


def _joined(text: LessonText) -> str:
    return "".join(part.whole for part in text.rendered.parts)


def _let_cache(response: Response, etag: str, sensitivity: Sensitivity) -> None:
    """Let the browser store a response of an unrestricted course; others get the default, `no-store`."""
    if sensitivity is Sensitivity.UNRESTRICTED:
        response.set_etag(etag)
        response.headers["Cache-Control"] = IMMUTABLE
