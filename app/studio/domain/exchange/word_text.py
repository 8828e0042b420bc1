"""Write plain text as Markdown that shows exactly this text: escape everything that Markdown would read as a mark."""

import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u2028\u2029]")
_SPACES = re.compile(r"[ \t\r\n]+")
_MARKS = re.compile(r"[\\`*_\[|]")
_AFTER_BRACKET = re.compile(r"(?<=\])\(")
_TAG = re.compile(r"<(?=\S)")
_REFERENCE = re.compile(r"&(?=#?[A-Za-z0-9]{1,32};)")
_LINE = re.compile(
    r"(?P<sign>[#>]|[-+](?=\s|$)|-(?=-+\s*$)|(?P<number>\d{1,9})(?=[.)](?:\s|$)))"
    r"|(?P<reference>/(?=//)|~(?=~~)|=(?==*\s*$)|:(?=\s|$))"
)
_RAISED = {
    "sup": dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True)),
    "sub": dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
}


def plain(text: str) -> str:
    """Return the text in NFC with single spaces and without control characters."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _CONTROL.sub("", text)))


def escape(text: str) -> str:
    """Return plain text as inline Markdown; `escape_line` is needed at the beginning of a line as well."""
    text = _REFERENCE.sub("&amp;", text)
    text = _MARKS.sub(r"\\\g<0>", text)
    text = _AFTER_BRACKET.sub(r"\\(", text)
    text = text.replace("\\[@", "&#91;@")  # citations are looked for without regard to backslashes
    return _TAG.sub("&lt;", text)


def escape_line(line: str) -> str:
    """Return a line of escaped text so that its beginning is no heading, list, quotation, block, fence or rule."""
    line = line.lstrip(" ")
    match = _LINE.match(line)
    if match is None:
        return line
    if match["reference"]:
        return f"&#{ord(line[0])};{line[1:]}"
    number = match["number"] or ""
    return f"{number}\\{line[len(number) :]}"


def escape_heading(text: str) -> str:
    """Return escaped text for a heading: number signs at its end are part of the text."""
    bare = text.rstrip("# ")
    return bare + text[len(bare) :].replace("#", "\\#")


def raised(tag: str, text: str) -> str | None:
    """Return text of `<sup>` or `<sub>` in Unicode characters; None if it has characters for which there is none."""
    signs = [_RAISED[tag].get(sign, "") for sign in text]
    return "".join(signs) if all(signs) else None
