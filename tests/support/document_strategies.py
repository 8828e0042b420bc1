"""Hypothesis strategies for documents, as a reader may yield them."""

import re

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.catalogue.domain.document_reader import SPEAKING
from app.catalogue.domain.documents import Document, DocumentKind, DocumentPart, DocumentStatus, PartKind, Unit
from app.catalogue.domain.text import normalise

PIECES = [
    *"aZ9 .,:;()[]<>_=-+~#\\/±%&\"'",
    "الجواب",
    "سۆرانی",
    "\u200f",
    "é",
    "`{#x}`",
    "{#",
    "**x**: ",
    " | ",
    "1,888.00",
    "1. ",
    "- ",
]
# what begins like another part, or ends like a name, is read otherwise
_OTHERWISE = re.compile(r"[|#`~/]|-( |$)|[0-9]{1,3}\.( |$)|[a-z_]+:( |$)")
_NAMED = re.compile(r"(?:^| )\{#[^{}\s]*\}$")
_text = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6)
    .map(lambda texts: normalise(" ".join("".join(texts).split(" "))).strip())
    .filter(lambda text: bool(text) and not _NAMED.search(text) and "```" not in text)
)
paragraph = _text.filter(lambda text: not _OTHERWISE.match(text))
_word = st.sampled_from(["Anwar", "Teo AW", "M. H.", "سامي"])
_time = st.sampled_from(["", "19:02", "8 Oct 19:02"])
cell = st.just("") | _text.filter(lambda text: not text.endswith("\\"))
KEYS = st.sampled_from(["", "Veltra", "A. Belik: two", "بيروت"])


def _title(draw: st.DrawFn) -> str:
    return draw(st.just("") | st.sampled_from(["The log", "عنوان"]))


@st.composite
def _part(draw: st.DrawFn, kind: DocumentKind) -> DocumentPart:
    kinds = [PartKind.PARAGRAPHS, PartKind.LIST, PartKind.TABLE, PartKind.MARGIN]
    kinds += [PartKind.TURNS] * (kind in SPEAKING) + [PartKind.FIELDS] * (kind is DocumentKind.FORM)
    part_kind = draw(st.sampled_from(kinds))
    count = draw(st.integers(1, 3))
    title = _title(draw)
    if part_kind in (PartKind.TABLE, PartKind.FIELDS):
        return _table(draw, part_kind, count, title, kind)
    ordered = part_kind is PartKind.LIST and draw(st.booleans())
    listed = _text if part_kind is PartKind.LIST and kind not in SPEAKING else paragraph
    units = []
    for _ in range(count):
        if part_kind is PartKind.TURNS:
            unit = Unit(0, (draw(paragraph),), time=draw(_time), speaker=draw(_word))
        else:
            unit = Unit(0, (draw(listed),))
        units.append(unit)
    return DocumentPart(part_kind, tuple(units), title, ordered=ordered)


def _table(draw: st.DrawFn, kind: PartKind, count: int, title: str, document: DocumentKind) -> DocumentPart:
    few = 3 if document is DocumentKind.FORM else 1
    columns = 2 if kind is PartKind.FIELDS else draw(st.integers(few, 4))
    rows = [tuple(draw(cell) for _ in range(columns)) for _ in range(count)]
    if kind is PartKind.FIELDS:
        rows = [(f"Field {index}", row[1]) for index, row in enumerate(rows)]
    heads = tuple(draw(cell) for _ in range(columns))
    return DocumentPart(kind, tuple(Unit(0, row) for row in rows), title, heads)


def _joins(first: DocumentPart, second: DocumentPart) -> bool:
    """Return whether a reader would read two parts as one."""
    lists = {PartKind.LIST, PartKind.TURNS}
    if second.title or first.ordered != second.ordered:
        return False
    return (first.kind in lists and second.kind in lists) or (first.kind is second.kind is PartKind.PARAGRAPHS)


@st.composite
def _numbered(draw: st.DrawFn, kind: DocumentKind) -> tuple[DocumentPart, ...]:
    drawn = draw(st.lists(_part(kind), min_size=1, max_size=4))
    labelled = [part for part in drawn if part.kind is PartKind.FIELDS]
    parts: list[DocumentPart] = []
    number = 0
    for part in drawn:
        if (parts and _joins(parts[-1], part)) or (part.kind is PartKind.FIELDS and part is not labelled[0]):
            continue
        units = []
        for unit in part.units:
            number += 1
            name = f"n{number}" if draw(st.booleans()) else ""
            units.append(Unit(number, unit.cells, name, unit.time, unit.speaker))
        parts.append(DocumentPart(part.kind, tuple(units), part.title, part.heads, part.ordered))
    return tuple(parts)


def document(kind: DocumentKind) -> SearchStrategy[Document]:
    return st.builds(
        Document,
        id=st.just("SF-D10"),
        kind=st.just(kind),
        title=paragraph,
        parts=_numbered(kind),
        date=st.sampled_from(["", "2026-05-29"]),
        sender=KEYS,
        to=KEYS,
        location=KEYS,
        status=st.none() | st.sampled_from(DocumentStatus),
        dir=st.sampled_from(["", "ltr", "rtl"]),
        columns=st.none() | st.just(("en", "ar")),
        note=KEYS,
    )
