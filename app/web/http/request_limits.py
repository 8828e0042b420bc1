"""Limits on requests, checked before the view runs; converters of URL parameters; JSON bodies."""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter, IntegerConverter

from app.kernel.errors import InputError, TooLargeError

T = TypeVar("T")
# a route raises a limit in `bp.url_value_preprocessor`: `_check` reads the form before the view runs
BODY_BYTES = 1024 * 1024
FIELD_BYTES = 64 * 1024
# Werkzeug buffers 64 KiB and the rest of the previous buffer, for files as well; `_check_form` measures fields
PIECES_BYTES = 2 * FIELD_BYTES
JSON_BYTES = 256 * 1024
JSON_DEPTH = 32
PARTS = 500
ADDRESS_CHARACTERS = 2000
# a string without an end is matched up to the end of the text, so that no input is read twice
_TOKENS = re.compile(rb""""(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{\]}]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?""", re.S)
_UNCLEAN = re.compile("[\0\ud800-\udfff]")  # no character of a text, which databases and encodings refuse
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_WHOLE = re.compile(rb"-?\d{19,}")
INTEGERS = range(-(2**63), 2**63)


class SlugConverter(BaseConverter):
    """A part of an address in kebab-case."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class SmallConverter(IntegerConverter):
    """A number of an address that every database can store."""

    regex = r"\d{1,9}"


class LanguageConverter(BaseConverter):
    """The code of a language."""

    regex = r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?"


class DigestConverter(BaseConverter):
    """A SHA-256 in hexadecimal digits."""

    regex = r"[0-9a-f]{64}"


class ItemConverter(BaseConverter):
    """The id of an item: `ITEM_ID` of `catalogue.domain.item_reader`, with at most 20 characters before -Q."""

    regex = r"[A-Z][A-Z0-9]{0,19}-Q[0-9]{2,3}"


class CompetencyConverter(BaseConverter):
    """The id of a competency, such as LRE-01."""

    regex = r"[A-Z]{2,6}-[0-9]{2}"


class IndicatorConverter(BaseConverter):
    """The code of an outcome, output or indicator, such as OC2, OP1.1 or C-1."""

    regex = r"[A-Z]{1,4}-?[0-9]{1,2}(?:\.[0-9]{1,2}[a-z]?)?"


class PeriodConverter(BaseConverter):
    """The year or quarter of a target in a URL: `2028`, `2028-Q2`."""

    regex = r"20[0-9]{2}(?:-Q[1-3])?"


class MediumConverter(BaseConverter):
    """The name of a file of a course, such as route-map.png: `MEDIA_NAME` of `catalogue.domain.media`."""

    regex = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.[a-z0-9]{2,4}"


class CountryConverter(BaseConverter):
    """A country's code."""

    regex = r"[A-Z]{2}"


class QuarterConverter(BaseConverter):
    """A quarter, such as 2027-q1."""

    regex = r"20[0-9]{2}-q[1-4]"


class SittingCodeConverter(BaseConverter):
    """The code of a sitting: `CODE_SIGNS` of `checks.domain.sittings`, eight of them."""

    regex = r"[2-9a-hjkmnp-z]{8}"


class FileConverter(BaseConverter):
    """The form of a file that holds a table."""

    regex = r"csv|xlsx"


def init_app(app: Flask) -> None:
    """Set the limits and the converters of addresses."""
    app.config.update(MAX_CONTENT_LENGTH=BODY_BYTES, MAX_FORM_MEMORY_SIZE=PIECES_BYTES, MAX_FORM_PARTS=PARTS)
    app.url_map.converters.update(
        slug=SlugConverter,
        file=FileConverter,
        small=SmallConverter,
        item=ItemConverter,
        lang=LanguageConverter,
        digest=DigestConverter,
        medium=MediumConverter,
        competency=CompetencyConverter,
        indicator=IndicatorConverter,
        period=PeriodConverter,
        country=CountryConverter,
        quarter=QuarterConverter,
        sitting=SittingCodeConverter,
    )
    app.before_request(_check)


def read_json(shape: type[T]) -> T:
    """Return the request's JSON as a typed object.

    Raises InputError if the body does not match the type (400), and TooLargeError above the limit (413).
    """
    if request.mimetype != "application/json":
        abort(415)
    raw = request.get_data(cache=False)
    if len(raw) > JSON_BYTES:
        raise TooLargeError("The message is too large.")
    _refuse_odd_json(raw)
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, ValueError, RecursionError, OverflowError) as error:
        raise InputError("The message does not have the agreed shape.") from error


def _check() -> None:
    address = request.full_path
    if len(address) > ADDRESS_CHARACTERS:
        abort(414)
    if any(_unclean(text) for text in (request.path, *_flat(request.args))):
        abort(400)
    if request.method in {"POST", "PUT", "PATCH"} and request.mimetype != "application/json":
        _check_form()


def _check_form() -> None:
    for text in _flat(request.form):
        if _unclean(text):
            abort(400)
        if len(text.encode("utf-8", "surrogatepass")) > FIELD_BYTES:
            abort(413)


def _flat(fields: MultiDict[str, str]) -> Iterator[str]:
    """Yield every name and value."""
    for pair in fields.items(multi=True):
        yield from pair


def _unclean(text: str) -> bool:
    return _UNCLEAN.search(text) is not None


def _refuse_odd_json(raw: bytes) -> None:
    """Raise InputError for nesting, numbers and characters that no shape allows, before they are decoded."""
    depth = 0
    for match in _TOKENS.finditer(raw):
        token = match.group()
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token, 0)
        if depth > JSON_DEPTH:
            raise InputError("The message is nested too deeply.")
        if token.startswith(b'"') and _NUL.search(token):
            raise InputError("The message contains a character that is not text.")
        if _is_large_number(token):
            raise InputError("The message contains a number that is too large.")


def _is_large_number(token: bytes) -> bool:
    return _WHOLE.fullmatch(token) is not None and (len(token) > 20 or int(token) not in INTEGERS)
