"""Write texts and their pictures into elements of Moodle XML."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from app.studio.domain.exchange.moodle_pictures import PLUGIN_FILE
from app.studio.domain.exchange.shapes import NoteList

_PICTURE = re.compile(r"(?<=\]\()(?:\.\./)?media/([A-Za-z0-9._-]+)")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain_child(parent: Element, name: str, text: str) -> Element:
    """Add a child with a text, without characters that XML does not allow."""
    child = SubElement(parent, name)
    child.text = _NOT_XML.sub("", text)
    return child


@dataclass(frozen=True, slots=True)
class TextWriter:
    """Write Markdown texts; `pictures` are contents by name in `media/`, a missing one is noted."""

    pictures: Mapping[str, bytes]
    notes: NoteList

    def add(self, parent: Element, name: str, text: str) -> Element:
        """Add an element with a Markdown text and the files of its pictures."""
        element = SubElement(parent, name, {"format": "markdown"})
        used: list[str] = []
        plain_child(element, "text", _PICTURE.sub(lambda match: self._address(match, used), text))
        for picture in dict.fromkeys(used):
            attributes = {"name": picture, "path": "/", "encoding": "base64"}
            SubElement(element, "file", attributes).text = base64.b64encode(self.pictures[picture]).decode("ascii")
        return element

    def _address(self, match: re.Match[str], used: list[str]) -> str:
        if match[1] not in self.pictures:
            self.notes.warn("The picture %(name)s was left out.", "Add it to the course.", name=match[1])
            return match[0]
        used.append(match[1])
        return f"{PLUGIN_FILE}{match[1]}"
