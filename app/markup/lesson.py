"""Render one lesson in the child process: title, numbered sections, checks, country notes, explained terms."""

from collections.abc import Iterator
from typing import cast
from xml.etree.ElementTree import Element, SubElement

import msgspec
from markdown import Markdown

from app.markup.blocks import KIND, REF
from app.markup.clean import clean
from app.markup.errors import MarkupRefusedError, RefusalReason
from app.markup.extensions import TERM, build, parse, write
from app.markup.plain import words
from app.markup.postprocess import dress
from app.markup.render_context import RenderContext, for_lesson
from app.markup.sections import OWN_TEXT, make_section
from app.markup.shapes import LessonJob, LessonSection, PartKind, PlainBlock, RenderedLesson, fill


def compose(job: LessonJob) -> RenderedLesson:
    """Render one lesson in this process; only the child process calls it."""
    context = for_lesson(job)
    md = build(context)
    root = parse(md, job.text)
    _refuse_inner_parts(root)
    title = _cut_title(root)
    dress(md, root, context)
    blocks = tuple(_plain_blocks(root))
    return RenderedLesson(
        title=title,
        parts=tuple(_joined(_parts(md, root, context))),
        sources=context.source_lines(),
        blocks=blocks,
        words=sum(len(block.text.split()) for block in blocks),
        unknown=tuple(context.unknown),
    )


def _refuse_inner_parts(root: Element) -> None:
    """Refuse a section such as a check inside another element, because a page could not replace it."""
    outer = {id(element) for element in root}
    if any(element.get(KIND) and id(element) not in outer for element in root.iter()):
        raise MarkupRefusedError(0, RefusalReason.PLACE)


def _cut_title(root: Element) -> str:
    if not len(root) or root[0].tag != "h1":
        return ""
    title = words(root[0])
    root.remove(root[0])
    return title


def _plain_blocks(root: Element) -> Iterator[PlainBlock]:
    for number, element in enumerate(root, 1):
        text = words(element)
        country = element.get(REF, "") if element.get(KIND) == "country" else ""
        if text:
            yield PlainBlock(f"h-{number}", text, country)


def _parts(md: Markdown, root: Element, context: RenderContext) -> Iterator[LessonSection]:
    """Yield each top-level element as a section."""
    explained: set[str] = set()
    for number, element in enumerate(root, 1):
        anchor = f"h-{number}"
        kind = cast(PartKind, element.attrib.pop(KIND, "html"))
        ref = element.attrib.pop(REF, "")
        # A note or a check may be missing from the page, so it explains its terms by itself, under ids of its own.
        notes = _term_notes(
            element, context, explained if kind == "html" else set(), "" if kind == "html" else f"-{number}"
        )
        title = words(element[0]) if kind != "html" else ""
        section = LessonSection(kind=kind, html="", ref=ref, title=title, anchor=anchor)
        if kind in OWN_TEXT:
            section = make_section(section, element, lambda piece: clean(write(md, piece)), context)
            pieces = [*element[-1]]
        else:
            element.set("id", anchor)
            pieces = [element]
        html = "\n".join(clean(write(md, piece)) for piece in [*pieces, *notes])
        yield msgspec.structs.replace(section, html=html)


def _joined(parts: Iterator[LessonSection]) -> Iterator[LessonSection]:
    """Join adjacent sections of plain text into one section."""
    run: list[LessonSection] = []
    for part in parts:
        if part.kind == "html":
            run.append(part)
            continue
        yield from _one(run)
        run = []
        yield part
    yield from _one(run)


def _one(run: list[LessonSection]) -> Iterator[LessonSection]:
    if run:
        yield LessonSection(kind="html", html="\n".join(part.html for part in run), anchor=run[0].anchor)


def _term_notes(element: Element, context: RenderContext, explained: set[str], suffix: str) -> list[Element]:
    """Return a disclosure for each term not explained before, and link the terms to it; browsers then open it."""
    notes = []
    for link in element.iter("a"):
        term = link.attrib.pop(TERM, "")
        if not term:
            continue
        link.set("href", f"#h-term-{term}{suffix}")
        if term not in explained:
            explained.add(term)
            notes.append(_term_note(context, term, suffix))
    return notes


def _term_note(context: RenderContext, term: str, suffix: str) -> Element:
    entry = context.terms[term]
    note = Element("details", {"class": "term-note"})
    label = fill(context.labels.term, term=entry.title) if context.labels else entry.title
    SubElement(note, "summary").text = label
    SubElement(note, "p", {"id": f"h-term-{term}{suffix}"}).text = entry.definition
    return note
