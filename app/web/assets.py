"""Styles, scripts and icons: joined and minified at the start, stored in memory, named by their content."""

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request

STATIC = Path(__file__).resolve().parent.parent / "static"
_PAGES = ("questions", "pages", "charts", "papers")
# a page loads the first sheet, and at most one of the next two; documents, questions of a lesson, and the bar of the
# demonstration: their own
SHEETS = {
    "academy.css": ("tokens", "base", "layout", "components", "lesson", "print"),
    "pages.css": _PAGES,
    "staff.css": (*_PAGES, "staff"),
    "documents.css": ("questions", "documents"),
    "demo.css": ("demo",),
}
# an asset is no page: opened by itself it loads nothing; the page that uses it brings the policy that holds
POLICY = "default-src 'none'; sandbox"
FOREVER = "public, max-age=31536000, immutable"
# a comment, or text that stays as it is: strings and addresses, in which `/*` and two blanks are plain text
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_KEPT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|url\([^"')]*\))""")
_COMMENT_OR_KEPT = re.compile(rf"(?:{_COMMENT.pattern})|{_KEPT.pattern}", re.S)
_SCRIPT_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/)[ \t]*$", re.M)
_IMPORT = re.compile(r"""from ["']\./([a-z-]+\.js)["']""")

bp = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """A file ready to send; compressed at the first request for it, because most processes send none."""

    name: str
    address: str
    kind: str
    plain: bytes

    @cached_property
    def packed(self) -> bytes:
        """Return the file compressed by gzip."""
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def brotli(self) -> bytes:
        """Return the file compressed by Brotli."""
        small: bytes = brotli.compress(self.plain, mode=brotli.MODE_TEXT, quality=11)
        return small


@dataclass(frozen=True, slots=True)
class Assets:
    """All assets."""

    by_name: Mapping[str, Asset]
    by_address: Mapping[str, Asset]


def assets(app: Flask | None = None) -> Assets:
    """Return the assets of an application, or of the current one."""
    return cast("Assets", (app or current_app).extensions["assets"])


def init_app(app: Flask) -> None:
    """Create the assets and serve them."""
    all_assets = [_asset(name, "text/css", _style(layers)) for name, layers in SHEETS.items()]
    all_assets += _scripts({path.name: small_script(path.read_text("utf-8")) for path in (STATIC / "js").glob("*.js")})
    all_assets += [
        _asset(path.name, "image/svg+xml", path.read_text("utf-8").strip())
        for path in sorted((STATIC / "icons").glob("*.svg"))
    ]
    app.extensions["assets"] = Assets(
        by_name={asset.name: asset for asset in all_assets}, by_address={asset.address: asset for asset in all_assets}
    )
    app.jinja_env.globals["asset"] = lambda name: address(current_app, name)
    app.register_blueprint(bp)


def address(app: Flask, name: str) -> str:
    """Return the address of an asset by its name."""
    return assets(app).by_name[name].address


@bp.get("/static/a/<digest>/<name>")
def send(digest: str, name: str) -> Response:
    """Send an asset; its address changes with its content, so browsers may store it permanently."""
    asset = assets().by_address.get(f"/static/a/{digest}/{name}")
    if asset is None:
        abort(404)
    body, encoding = _accepted(asset)
    response = Response(body, content_type=f"{asset.kind}; charset=utf-8")
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = FOREVER
    response.headers["Content-Security-Policy"] = POLICY
    response.vary.add("Accept-Encoding")
    return response


def _accepted(asset: Asset) -> tuple[bytes, str]:
    """Return the smallest encoding that the browser accepts, with the name of its compression."""
    if request.accept_encodings["br"]:
        return asset.brotli, "br"
    if request.accept_encodings["gzip"]:
        return asset.packed, "gzip"
    return asset.plain, ""


def _asset(name: str, kind: str, text: str) -> Asset:
    plain = text.encode()
    digest = hashlib.sha256(plain).hexdigest()[:12]
    return Asset(name, f"/static/a/{digest}/{name}", kind, plain)


def _scripts(texts: Mapping[str, str]) -> list[Asset]:
    """Return scripts whose imports of each other are replaced by addresses."""
    scripts: dict[str, Asset] = {}

    def make(name: str) -> Asset:
        if name not in scripts:
            text = _IMPORT.sub(lambda match: f'from "{make(match[1]).address}"', texts[name])
            scripts[name] = _asset(name, "text/javascript", text)
        return scripts[name]

    return [make(name) for name in sorted(texts)]


def _style(layers: Sequence[str]) -> str:
    return small_style("\n".join((STATIC / "css" / f"{layer}.css").read_text("utf-8") for layer in layers))


def small_style(css: str) -> str:
    """Return a style sheet without comments and unnecessary blanks; strings and addresses are unchanged."""
    parts = _KEPT.split(_COMMENT_OR_KEPT.sub(lambda match: match[1] or "", css))
    return "".join(part if n % 2 else _tighten(part) for n, part in enumerate(parts))


def _tighten(css: str) -> str:
    # blanks before `:` and around `+ - * ( )` have a meaning: a :is(b), calc(1px + 2px), (a) and (b)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    return re.sub(r":\s+", ":", css).replace(";}", "}")


def small_script(text: str) -> str:
    """Return a script without whole-line comments and without indentation."""
    text = _SCRIPT_COMMENT.sub("", text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
