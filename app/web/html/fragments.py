"""Cache parts of pages that are the same for many users, such as a document of a course."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

MOST = 512  # parts of a process; a document of 60 lines has about 15 kB


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A part of a page: what its macro depends on, and the call of the macro."""

    key: bytes
    locale: str
    draw: Callable[[], Markup] = field(compare=False)


def init_app(app: Flask) -> None:
    """Add `cached_fragment` to templates."""
    app.jinja_env.globals["cached_fragment"] = cached_fragment


def cached_fragment(key: bytes | None, macro: Callable[[object], Markup], view: object) -> Markup:
    """Return the HTML of a macro for a view; `key` has all values that it reads, or None: do not cache it."""
    if key is None:
        return macro(view)
    return _drawn(_Fragment(key, str(get_locale()), lambda: macro(view)))


@lru_cache(maxsize=MOST)
def _drawn(fragment: _Fragment) -> Markup:
    return fragment.draw()
