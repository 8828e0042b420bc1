"""Sections of a lesson that its page draws: the documents, items and steps of the blocks desk, worked, card, audio."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import msgspec

from app.markup.render_context import RenderContext
from app.markup.shapes import LessonSection, WorkedStep

OWN_TEXT = frozenset({"check", "desk", "worked", "card", "audio"})  # kinds whose label line the page draws
_ASKED = "? "


def make_section(
    section: LessonSection, element: Element, write: Callable[[Element], str], context: RenderContext
) -> LessonSection:
    """Return the section with what the keys of its block name; the steps of a worked example leave the element."""
    minutes = element.attrib.pop("data-minutes", "").strip()
    media = element.attrib.pop("data-media", "").strip()
    return msgspec.structs.replace(
        section,
        documents=_ids(element, "data-document"),
        items=_ids(element, "data-items"),
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0,
        media=context.media.get(f"media/{media}") if media else None,
        steps=tuple(_steps(element[-1], write)) if section.kind == "worked" else (),
    )


def _ids(element: Element, key: str) -> tuple[str, ...]:
    return tuple(element.attrib.pop(key, "").replace(",", " ").split())


def _steps(body: Element, write: Callable[[Element], str]) -> list[WorkedStep]:
    """Return the entries of the first numbered list, which is removed from the body."""
    listing = next((child for child in body if child.tag == "ol"), None)
    if listing is None:
        return []
    body.remove(listing)
    return [_step(entry, write) for entry in listing]


def _step(entry: Element, write: Callable[[Element], str]) -> WorkedStep:
    reason = next((child for child in entry if child.tag == "blockquote"), None)
    if reason is not None:
        entry.remove(reason)
        reason.tag = "div"
    entry.tag = "div"
    asked = _take_sign(entry)
    return WorkedStep(write(entry), write(reason) if reason is not None else "", asked)


def _take_sign(entry: Element) -> bool:
    """Remove the sign of a step that is asked first; return whether it was there."""
    first = entry[0] if len(entry) and entry[0].tag == "p" and not (entry.text or "").strip() else entry
    text = (first.text or "").lstrip()
    if text.startswith(_ASKED):
        first.text = text.removeprefix(_ASKED)
        return True
    return False
