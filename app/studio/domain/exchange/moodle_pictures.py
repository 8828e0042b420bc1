"""Take pictures out of Moodle XML: base64 files of a text, and data addresses."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from app.catalogue.domain.media import MEDIA_NAME
from app.studio.domain.exchange.shapes import ImportedPicture, NoteList

PLUGIN_FILE = "@@PLUGINFILE@@/"

_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "webp": b"RIFF"}
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,(.+)", re.DOTALL | re.IGNORECASE)
_ENDINGS = {"jpg": ("jpg", "jpeg")}


class PictureStore:
    """The pictures of a file, each with a name in `media/` that no other picture has."""

    def __init__(self) -> None:
        self._pictures: dict[str, ImportedPicture] = {}

    def add(self, name: str, encoded: str, notes: NoteList) -> ImportedPicture | None:
        """Return the picture, or None with an error in the notes if it is damaged or of another type."""
        try:
            content = base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not content:
            notes.error("The picture %(name)s is damaged, so it was left out.", "Add it again.", name=name[:80])
            return None
        kind = _kind(content)
        if not kind:
            message = "The file %(name)s is not a PNG, JPEG, WebP or SVG picture, so it was left out."
            notes.error(message, "Convert it, then add it again.", name=name[:80])
            return None
        return self._store(name, content, kind)

    def _store(self, name: str, content: bytes, kind: str) -> ImportedPicture:
        ending = name.rpartition(".")[2].lower()
        ending = ending if ending in _ENDINGS.get(kind, (kind,)) else kind
        base = _safe_base(name)
        number = 1
        safe_name = f"{base}.{ending}"
        while safe_name in self._pictures and self._pictures[safe_name].content != content:
            number += 1
            safe_name = f"{base}-{number}.{ending}"
        return self._pictures.setdefault(safe_name, ImportedPicture(safe_name, content, kind))


def _kind(content: bytes) -> str:
    for kind, beginning in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind if kind != "webp" or content[8:12] == b"WEBP" else ""
    return "svg" if b"<svg" in content[:2_000] and b"\0" not in content else ""


def _safe_base(name: str) -> str:
    stem = name.rpartition(".")[0] if "." in name else name
    if re.fullmatch(MEDIA_NAME, f"{stem}.png") and len(stem) <= 60:
        return stem
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_stem)[:60].strip("-") or "picture"


class TextPictures:
    """The pictures that a text may show: its files by name, and data addresses inside the text."""

    def __init__(self, store: PictureStore, files: Sequence[tuple[str, str]], notes: NoteList) -> None:
        self._store = store
        self._files = dict(files)
        self._notes = notes
        self.used: list[ImportedPicture] = []

    def name(self, address: str) -> str:
        """Return the name in `media/` of the picture at an address, or an empty text if it is not in the file."""
        data = _DATA.match(address)
        if data:
            return self._add("picture", data[1])
        file_name = unquote(address.removeprefix(PLUGIN_FILE).partition("?")[0])
        if not address.startswith(PLUGIN_FILE) or file_name not in self._files:
            return ""
        return self._add(file_name, self._files[file_name])

    def _add(self, name: str, encoded: str) -> str:
        picture = self._store.add(name, encoded, self._notes)
        if picture is None:
            return ""
        if picture not in self.used:
            self.used.append(picture)
        return picture.name
