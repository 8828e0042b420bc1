"""Blank out code in Markdown, so that the scanners do not find citations, links or gaps in it."""

import re

from app.catalogue.domain.text import in_code

_RUN = re.compile(r"(?<!\\)`+")


def blank_code(lines: list[str]) -> list[str]:
    """Return the lines with fenced code and code spans replaced by blanks of the same length."""
    blanked = [" " * len(line) if coded else line for line, coded in zip(lines, in_code(lines), strict=True)]
    at = 0
    while at < len(blanked):
        end = at + 1
        while end < len(blanked) and blanked[end].strip():
            end += 1
        blanked[at:end] = _blank_spans("\n".join(blanked[at:end])).split("\n")
        at = end
    return blanked


def _blank_spans(paragraph: str) -> str:
    """Blank each run of backticks up to the next run of the same length; a run without a partner is text."""
    runs = [(run.start(), run.end()) for run in _RUN.finditer(paragraph)]
    partner: dict[int, int] = {}
    latest: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        length = runs[number][1] - runs[number][0]
        if length in latest:
            partner[number] = latest[length]
        latest[length] = number
    number = 0
    parts, done = [], 0
    while number < len(runs):
        if number not in partner:
            number += 1
            continue
        start, end = runs[number][0], runs[partner[number]][1]
        parts += [paragraph[done:start], re.sub(r"[^\n]", " ", paragraph[start:end])]
        done, number = end, partner[number] + 1
    return "".join([*parts, paragraph[done:]])
