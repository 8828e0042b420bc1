"""Write the parts of a Markdown text: entries, tables, code, emphasis and addresses."""

import re
from collections.abc import Sequence

LINE_BREAK = "\ue100"
"""A line break inside a line; private characters are removed from every text before."""

_UNSAFE_IN_ADDRESS = {"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "*": "%2A", "_": "%5F", "\\": "%5C", "`": "%60"}


def list_entry(marker: str, text: str) -> str:
    """Return an entry whose further lines are indented, so that they belong to it."""
    first, *lines = text.split("\n")
    return "\n".join([f"{marker} {first}", *(f"    {line}" if line else "" for line in lines)])


def table_block(rows: Sequence[list[str]]) -> list[str]:
    """Return a table of rows of cells, the first as heading; no block without rows."""
    if not rows:
        return []
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return ["\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]


def marked(text: str, sign: str) -> str:
    """Return text between signs of emphasis, with the spaces and line breaks at its ends outside."""
    inner = text.strip(f" {LINE_BREAK}")
    if not inner or inner.startswith("*") or inner.endswith("*"):
        return text
    start = text.index(inner)
    return f"{text[:start]}{sign}{inner}{sign}{text[start + len(inner) :]}"


def code_span(text: str) -> str:
    """Return code inside a line."""
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def code_block(text: str) -> list[str]:
    """Return fenced code; no block without text."""
    text = text.strip("\n").rstrip()
    fence = "`" * max(3, _longest_run(text) + 1)
    return [f"{fence}\n{text}\n{fence}"] if text else []


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def safe_address(address: str) -> str:
    """Return an address without characters that would end a link or begin emphasis."""
    return "".join(_UNSAFE_IN_ADDRESS.get(sign, sign) for sign in address)
