"""The log: JSON lines in UTC with request id, id of the user, view, status and duration.

No names, addresses, bodies or search terms.
"""

import logging
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from flask import Flask, Response, request

from app.kernel import context
from app.web.request_state import request_state

log = logging.getLogger("academy")
FIELDS = ("kind", "place", "endpoint", "method", "status", "ms", "job")


class JsonLines(logging.Formatter):
    """One JSON object a line; the encoder escapes control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "request": context.request_id.get(),
            "who": str(context.actor_id.get() or ""),  # a random number without meaning outside the database
            "what": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        return msgspec.json.encode(line).decode()


# the messages of the web server itself: start, workers, end
SERVER_LOG: Mapping[str, object] = {
    "formatters": {"json": {"()": JsonLines}},
    "handlers": {"console": {"formatter": "json", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}


def init_app(app: Flask) -> None:
    """Write a line for each response, with the endpoint instead of the path: no id or search term is logged."""
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        log.addHandler(handler)
        log.propagate = False
    log.setLevel(app.config["LOG_LEVEL"])
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    request_state().started = time.perf_counter()


def _finish(response: Response) -> Response:
    if log.isEnabledFor(logging.INFO):
        started = request_state().started
        took = 0.0 if started is None else time.perf_counter() - started
        log.info(
            "answer",
            extra={
                "endpoint": request.endpoint or "",
                "method": request.method,
                "status": response.status_code,
                "ms": round(took * 1000, 1),
            },
        )
    return response
