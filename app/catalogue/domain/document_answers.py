"""Parse and write the answers that name lines or fields of a document: kinds mark, pair and fields."""

import re
from typing import Final, Literal, cast

from app.catalogue.domain.answer_lists import RawEntry, read_entries
from app.catalogue.domain.items import FieldEntry, FieldKey, Fields, LinePair, LineTarget, Mark, MarkedLine, Pairs
from app.catalogue.domain.source_lines import Report, SourceLines
from app.catalogue.domain.targets import read_target, write_target

SIGNED = re.compile(r"([+~-](?: .*)?)")
_PAIR_SIGNED = re.compile(r"([+-](?: .*)?)")
_FIELD_LINE = re.compile(r"(?! )(.*\S.*)")
_FIELD = re.compile(r"(\S.*?) ([=!])(?: (.*))?", re.DOTALL)
_TOLERATED = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?) ± ([0-9]{1,15}(?:\.[0-9]{1,15})?)")
_EMPTY: Final = " -"
_TARGET_HINT = "Name it by its number or its name, as in + 3 or + SF-D10:april."


def read_mark(section: SourceLines, report: Report) -> Mark:
    """Read lines `+ target`, `- target` and `~ target` with their feedback."""
    lines = (marked_line(raw, report) for raw in read_entries(section, report, SIGNED))
    return Mark(tuple(line for line in lines if line))


def marked_line(raw: RawEntry, report: Report) -> MarkedLine | None:
    """Read a line of a mark item; None and a problem if its target cannot be read."""
    sign, text = raw.text[0], raw.text[1:].strip()
    target = _target(text, raw.line, report)
    return MarkedLine(target, cast(Literal["+", "-", "~"], sign), raw.feedback) if target else None


def read_pairs(section: SourceLines, report: Report) -> Pairs:
    """Read lines `+ target x target` and `- target x target` with their feedback."""
    pairs = (line_pair(raw, report) for raw in read_entries(section, report, _PAIR_SIGNED))
    return Pairs(tuple(pair for pair in pairs if pair))


def line_pair(raw: RawEntry, report: Report) -> LinePair | None:
    """Read a line of a pair item; None and a problem if it does not name two lines."""
    texts = raw.text[1:].strip().split(" x ")
    if len(texts) != 2:
        hint = "Write it as + 3 x 7, or + SF-D10:3 x SF-D20:april."
        report.error(raw.line, "This line does not name two lines of documents.", hint)
        return None
    first, second = (_target(text.strip(), raw.line, report) for text in texts)
    return LinePair(first, second, raw.text[0] == "+", raw.feedback) if first and second else None


def _target(text: str, line: int, report: Report) -> LineTarget | None:
    try:
        return read_target(text)
    except ValueError:
        report.error(line, '"%(text)s" names no line of a document.', _TARGET_HINT, text=text[:40])
        return None


def read_form_fields(section: SourceLines, report: Report) -> Fields:
    """Read lines `label = entry`, `label ! feedback` and `label -`; several entries of a label are alternatives."""
    fields: dict[str, FieldEntry] = {}
    empty: set[str] = set()
    for raw in read_entries(section, report, _FIELD_LINE):
        match = _FIELD.fullmatch(raw.text)
        if raw.feedback:
            report.error(raw.line, "A field has no feedback below it.", "Write it on a line label ! feedback.")
        if match and _has_text(match):
            _add(match[1].rstrip(), match[2], match[3], fields)
        elif not match and raw.text.endswith(_EMPTY):
            label = raw.text.removesuffix(_EMPTY).rstrip()
            fields.setdefault(label, FieldEntry(label))
            empty.add(label)
        else:
            hint = "Write label = entry, label ! feedback, or label - if the entry must stay empty."
            report.error(raw.line, "This line is not about a field of the form.", hint)
    _check_entries(fields, empty, section.first, report)
    return Fields(tuple(fields.values()))


def _has_text(match: re.Match[str]) -> bool:
    return bool((match[3] or "").strip())


def _add(label: str, sign: str, text: str, fields: dict[str, FieldEntry]) -> None:
    entry = fields.get(label, FieldEntry(label))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if sign == "=":
        fields[label] = FieldEntry(label, (*entry.accepted, field_key(" ".join(lines))), entry.feedback)
    else:
        feedback = "\n".join([entry.feedback, *lines] if entry.feedback else lines)
        fields[label] = FieldEntry(label, entry.accepted, feedback)


def _check_entries(fields: dict[str, FieldEntry], empty: set[str], line: int, report: Report) -> None:
    for label, entry in fields.items():
        if entry.accepted and label in empty:
            message, hint = 'The field "%(label)s" has an entry and must stay empty.', "Remove one of the two lines."
            report.error(line, message, hint, label=label)
        elif not entry.accepted and label not in empty:
            message, hint = 'The field "%(label)s" has no entry.', "Write label = entry, or label - if it stays empty."
            report.error(line, message, hint, label=label)


def field_key(text: str) -> FieldKey:
    """Return an accepted entry: a number with its tolerance, or a wording."""
    match = _TOLERATED.fullmatch(text)
    return FieldKey(match[1], match[2]) if match else FieldKey(text)


def written_key(key: FieldKey) -> str:
    """Return an accepted entry as written."""
    return f"{key.text} ± {key.tolerance}" if key.tolerance else key.text


def marked_text(line: MarkedLine) -> str:
    """Return a line of a mark item with its sign."""
    return f"{line.sign} {write_target(line.target)}"


def paired_text(pair: LinePair) -> str:
    """Return a line of a pair item with its sign."""
    return f"{'+' if pair.right else '-'} {write_target(pair.first)} x {write_target(pair.second)}"


def field_lines(entry: FieldEntry) -> list[str]:
    """Return the lines of a field: its entries or a hyphen, then its feedback."""
    lines = [f"{entry.label} = {written_key(key)}" for key in entry.accepted] or [entry.label + _EMPTY]
    return lines + [f"{entry.label} ! {line}" for line in entry.feedback.split("\n") if line]
