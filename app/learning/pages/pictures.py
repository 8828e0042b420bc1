"""Replace the pictures of a lesson by links with the size, for a user with the data saver."""

import re
from collections.abc import Callable, Mapping
from itertools import count
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import escape

from app.catalogue.queries import version_media

ASKED = "pictures"  # the name in the address of a page with its pictures
_PICTURE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*?\bsrc="/media/([0-9a-f]{64})"(?:[^>"]|"[^"]*")*>')
_DESCRIPTION = re.compile(r'\balt="([^"]*)"')
_KILOBYTE = 1000


def as_links(page: str, version_id: UUID) -> str:
    """Return a page with a link in place of each picture of the course; each leads to the page with pictures."""
    digests = set(_PICTURE.findall(page))
    sizes = version_media.media_sizes(version_id, digests) if digests else {}
    return _changed(page, lambda number, match: _link(number, match, sizes))


def with_anchors(page: str) -> str:
    """Return a page whose pictures have an id for links."""
    return _changed(page, lambda number, match: match[0].replace("<img", f'<img id="picture-{number}"', 1))


def _changed(page: str, change: Callable[[int, re.Match[str]], str]) -> str:
    numbers = count(1)
    return _PICTURE.sub(lambda match: change(next(numbers), match), page)


def _link(number: int, match: re.Match[str], sizes: Mapping[str, int]) -> str:
    size = max(1, round(sizes.get(match[1], 0) / _KILOBYTE))
    label = escape(_("Load picture (%(size)s kB)", size=size))
    description = _DESCRIPTION.search(match[0])  # escaped already
    caption = f' <span class="quiet small">{description[1]}</span>' if description else ""
    name = f"picture-{number}"
    return f'<span id="{name}"><a class="button" href="?{ASKED}=1#{name}">{label}</a>{caption}</span>'
