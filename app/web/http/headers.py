"""Security headers, cache headers, and compression of every response."""

import gzip

import brotli
from flask import Flask, Response, request

POLICY = "; ".join(
    [
        "default-src 'none'",
        *(
            f"{kind} 'self'"
            for kind in ("script-src", "style-src", "font-src", "connect-src", "media-src", "worker-src")
        ),
        "img-src 'self' data: blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
SMALLEST = 500
# pages are compressed for each request: brotli at 5 is as fast as gzip at 6 and a twelfth smaller; at 10 the text of
# a lesson is another ninth smaller and takes 4 ms, with nine documents 25: for the parts that the reader loads, which
# are most lessons
QUICK, DENSE = 5, 10
WINDOW_BITS = 17  # 128 KiB, more than most pages: to prepare the usual 4 MiB takes a seventh of the time
READING = frozenset({"learning.lesson", "learning.done", "learning.answer_check"})  # endpoints of pages to read
COMPRESSIBLE = frozenset({"text/html", "text/plain", "text/css", "text/javascript", "application/json"})


def init_app(app: Flask, *, secure: bool) -> None:
    """Add the headers to every response, and compress it."""

    def finish(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        # pages name their user; other responses set the header themselves
        response.headers.setdefault("Cache-Control", "no-store")
        return _compress(response)

    app.after_request(finish)


def _is_compressible(response: Response) -> bool:
    if response.direct_passthrough or response.is_streamed or response.status_code in {204, 304}:
        return False
    return response.mimetype in COMPRESSIBLE and "Content-Encoding" not in response.headers


def _quality() -> int:
    """Return the quality of brotli for a response: dense for a lesson without the layout around it."""
    is_part = request.headers.get("X-Part") == "main"
    return DENSE if is_part and request.endpoint in READING else QUICK


def _compress(response: Response) -> Response:
    if not _is_compressible(response):
        return response
    response.vary.add("Accept-Encoding")
    if (response.content_length or 0) < SMALLEST:
        return response
    if request.accept_encodings["br"]:
        response.set_data(
            brotli.compress(response.get_data(), mode=brotli.MODE_TEXT, quality=_quality(), lgwin=WINDOW_BITS)
        )
        response.headers["Content-Encoding"] = "br"
    elif request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
