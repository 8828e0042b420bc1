"""How the frozen JSON is embedded in each form of a report."""

import base64
import re
from collections.abc import Sequence

JSON_NAME = "report.json"  # of the file attached to a PDF
NAMESPACE = "urn:colep-academy:report"  # of the element in a Word document
CHUNK_MARK = "colep-report"  # begins the cells with JSON in a spreadsheet
_CHUNK_TEXT = re.compile(rf"{CHUNK_MARK} (?P<number>[0-9]{{1,6}})/(?P<total>[0-9]{{1,6}}) (?P<part>[A-Za-z0-9+/=]+)")
_CHUNK = 30_000  # characters; a cell contains at most 32,767


def chunks(content: bytes) -> list[str]:
    """Return the content as texts for cells: "colep-report 1/3 " and Base64, which no program changes."""
    text = encoded(content)
    parts = [text[n : n + _CHUNK] for n in range(0, len(text), _CHUNK)]
    return [f"{CHUNK_MARK} {number}/{len(parts)} {part}" for number, part in enumerate(parts, 1)]


def joined_chunks(texts: Sequence[str]) -> bytes | None:
    """Return the content of cells in any order, None if chunks are missing or damaged."""
    matches = [_CHUNK_TEXT.fullmatch(text) for text in texts]
    parts = {int(match["number"]): match["part"] for match in matches if match is not None}
    expected = {int(match["total"]) for match in matches if match is not None}
    if expected != {len(parts)} or sorted(parts) != list(range(1, len(parts) + 1)):
        return None
    return decoded("".join(parts[number] for number in sorted(parts)))


def encoded(content: bytes) -> str:
    """Return bytes as Base64."""
    return base64.b64encode(content).decode("ascii")


def decoded(text: str) -> bytes | None:
    """Return the bytes of Base64, None if it is damaged."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return None
