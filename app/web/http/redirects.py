"""Targets of redirects: paths of this site only."""

import re

_OWN = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f-\x9f\u2028\u2029\\]*\Z")


def own_path(text: str | None, otherwise: str) -> str:
    """Return the text if it is a path of this site (one leading slash, no control characters), else `otherwise`."""
    return text if text and len(text) <= 500 and _OWN.match(text) else otherwise
