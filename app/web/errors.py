"""Error pages: a plain message and a number to quote, without details of the code."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, cast

from flask import Flask, Response, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    InternalError,
    NoResultFound,
    OperationalError,
    SQLAlchemyError,
    TimeoutError as PoolTimeoutError,
)
from werkzeug.exceptions import HTTPException, SecurityError

from app.db.keyring import LostKeyError
from app.db.session import db, is_duplicate
from app.db.stores.object_store import StoreError
from app.kernel import context
from app.kernel.errors import DomainError, InputError, RateLimitedError, TooLargeError
from app.web.pages import Page, render
from app.web.request_state import request_state

log = logging.getLogger("academy")
KNOWN = frozenset({400, 403, 404, 405, 409, 413, 414, 415, 422, 429, 500, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(Page):
    """An error page. `message`: an additional text, "csrf", "keys" or "media"; `seconds`: when to try again."""

    template: ClassVar[str] = "errors/error.html"
    status: int
    message: str
    seconds: int
    number: str


def init_app(app: Flask) -> None:
    """Register an error page for every error."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NoResultFound, lambda _error: page(404))
    app.register_error_handler(TooLargeError, lambda error: page(413, str(error)))
    app.register_error_handler(InputError, lambda error: page(400, str(error)))
    app.register_error_handler(RateLimitedError, lambda error: page(429, seconds=error.seconds))
    app.register_error_handler(DomainError, lambda error: page(409, error.translated(gettext)))
    # PostgreSQL reports a read-only standby, or a connection cut by a limit, as an internal error
    app.register_error_handler(IntegrityError, _repeat)
    for error in (OperationalError, InterfaceError, InternalError, PoolTimeoutError):
        app.register_error_handler(error, _database_unavailable)
    app.register_error_handler(LostKeyError, _unreadable)
    app.register_error_handler(StoreError, _media_unavailable)
    app.register_error_handler(Exception, _bug)


def page(status: int, message: str = "", *, seconds: int = 0) -> Response:
    """Return the error page of a status with an additional message; `seconds`: when to try again."""
    code = _shown_status(status)
    text = gettext(message) if message else ""
    if request.mimetype == "application/json":
        answer = make_response(jsonify(error=text or code, request_id=context.request_id.get()), status)
    else:
        # after a fault of ours the layout sends no query: the database may be unavailable
        request_state().bare = status >= 500
        number = context.request_id.get()
        answer = make_response(render(ErrorPage(status=code, message=text, seconds=seconds, number=number)), status)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _shown_status(status: int) -> int:
    if status in KNOWN:
        return status
    return 500 if status >= 500 else 400


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(request.routing_exception, SecurityError):  # another host name: the site cannot build links
        return _plain(status, "This is not the address of the academy.")
    answer = page(status, "csrf" if error.description == "csrf" else "")
    for key, value in error.get_headers():
        if key == "Allow":
            answer.headers[key] = value
    return answer


def _database_unavailable(error: Exception) -> Response:
    log.error("database", extra={"kind": type(error).__name__})
    _roll_back()
    return page(503, seconds=5)


def _repeat(error: IntegrityError) -> ResponseReturnValue:
    """Run the view once more if an equal form, sent at the same time, stored its row first: the view then finds it.

    A JSON body cannot be read a second time.
    """
    endpoint = request.endpoint
    if not is_duplicate(error) or request.is_json or endpoint is None or request_state().is_repeated:
        return _bug(error)
    _roll_back()
    request_state().is_repeated = True
    try:
        view = cast("Callable[..., ResponseReturnValue]", current_app.view_functions[endpoint])
        return view(**(request.view_args or {}))
    except Exception as second:
        return current_app.handle_user_exception(second)


def _unreadable(error: LostKeyError) -> Response:
    log.error("identity unreadable", extra={"kind": type(error).__name__, "place": _position(error)})
    _roll_back()
    return page(503, "keys")


def _media_unavailable(error: StoreError) -> Response:
    log.error("media", extra={"kind": type(error).__name__, "place": _position(error)})
    _roll_back()
    return page(503, "media", seconds=30)


def _bug(error: Exception) -> Response:
    if current_app.config.get("PROPAGATE_BUGS"):
        raise error
    # the innermost position in the code, never a message: it may contain personal data
    log.error("bug", extra={"kind": type(error).__name__, "place": _position(error)})
    try:
        _roll_back()
        return page(500)
    except Exception as second:  # the error page itself may be the cause
        log.error("bug", extra={"kind": type(second).__name__, "place": _position(second)})  # noqa: TRY400
        return _plain(500, "Error on our side. Your last step was not saved.")


def _plain(status: int, message: str) -> Response:
    text = f"{message} Number: {context.request_id.get()}\n"
    return Response(text, status, content_type="text/plain; charset=utf-8")


def _roll_back() -> None:
    """Roll back the session, or discard a connection that can no longer do so."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()


def _position(error: Exception) -> str:
    trace = error.__traceback__
    position = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        position = f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return position
