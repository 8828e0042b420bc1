"""A credential inside a picture: the text chunk `openbadgecredential` of a PNG, or an element of an SVG.

Source: 1EdTech Open Badges 3.0, section 5.3 (file format of baked badges); PNG specification, section 11.3.3.4 (iTXt).
"""

import struct
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_PNG = b"\x89PNG\r\n\x1a\n"
_LONGEST = 2**20  # bytes of a picture that is read


class NotBakedError(ValueError):
    """A picture contains no credential, or it is damaged."""


def bake_png(picture: bytes, credential: str) -> bytes:
    """Return a PNG with a credential as text, before the picture data. Raises NotBakedError for another file."""
    chunks = list(_chunks(picture))
    text = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential.encode()
    head, *others = [_chunk(name, data) for name, data in chunks if not _is_credential(name, data)]
    return _PNG + head + _chunk(b"iTXt", text) + b"".join(others)


def read_png(picture: bytes) -> str:
    """Return the credential in a PNG. Raises NotBakedError if there is none or more than one."""
    texts = [data for name, data in _chunks(picture) if _is_credential(name, data)]
    if len(texts) != 1:
        raise NotBakedError
    flags, _language, _keyword, credential = _text_parts(texts[0][len(KEYWORD) + 1 :])
    if flags != b"\0\0":  # compressed: the academy does not, and a bomb would be read
        raise NotBakedError
    try:
        return credential.decode()
    except UnicodeDecodeError as error:
        raise NotBakedError from error


def bake_svg(picture: str, credential: str) -> str:
    """Return an SVG with a credential as its first element; `picture` begins with the tag `<svg ...>`."""
    tag, end, rest = picture.partition(">")
    if not tag.startswith("<svg") or not end:
        raise NotBakedError
    data = credential.replace("]]>", "]]]]><![CDATA[>")
    element = f"<openbadges:credential><![CDATA[{data}]]></openbadges:credential>"
    return f'{tag} xmlns:openbadges="{NAMESPACE}">{element}{rest}'


def read_svg(picture: bytes) -> str:
    """Return the credential in an SVG. Raises NotBakedError if there is none or more than one."""
    if len(picture) > _LONGEST:
        raise NotBakedError
    try:
        root = ElementTree.fromstring(picture, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotBakedError from error
    elements = root.findall(f"{{{NAMESPACE}}}credential")
    if len(elements) != 1:
        raise NotBakedError
    return str(elements[0].text or "").strip()


def _text_parts(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the flags, the language, the translated keyword and the text of an iTXt chunk after its keyword."""
    parts = data[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise NotBakedError
    return data[:2], parts[0], parts[1], parts[2]


def _is_credential(name: bytes, data: bytes) -> bool:
    return name == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and data of each chunk. Raises NotBakedError if a length or a checksum is wrong."""
    if not picture.startswith(_PNG) or len(picture) > _LONGEST:
        raise NotBakedError
    position = len(_PNG)
    while position < len(picture):
        head = picture[position : position + 8]
        if len(head) != 8:
            raise NotBakedError
        length, name = struct.unpack(">I4s", head)
        end = position + 8 + length
        data, checksum = picture[position + 8 : end], picture[end : end + 4]
        if len(data) != length or checksum != _checksum(name, data):
            raise NotBakedError
        yield name, data
        position = end + 4


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + _checksum(name, data)


def _checksum(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(name + data))
