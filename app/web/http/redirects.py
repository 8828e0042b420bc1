"""Where a person may be sent on to: own paths only."""

import re

_OWN = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f-\x9f\u2028\u2029\\]*\Z")


def own_path(text: str | None, otherwise: str) -> str:
    """Return the text when it is a path of this site (one leading slash, nothing strange), else the other one."""
    return text if text and len(text) <= 500 and _OWN.match(text) else otherwise
