"""Decode text files of other systems."""

from app.studio.domain.exchange.drafts import unreadable_file
from app.studio.domain.exchange.plain_text import cleaned
from app.studio.domain.exchange.shapes import MAX_FILE_BYTES, ImportResult

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode_file(content: bytes) -> str | ImportResult:
    """Return the text of a UTF-8 file, or of a UTF-16 file with a byte-order mark; else the result with the error."""
    if len(content) > MAX_FILE_BYTES:
        return file_too_large()
    encoding = _BYTE_ORDER_MARKS.get(content[:2], "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return unreadable_file("The file is not UTF-8 text.", "Save it as UTF-8, then import it again.")
    if "\0" in text:
        return unreadable_file("The file contains NUL characters, so it is not a text file.", "Choose a text file.")
    return cleaned(text)


def file_too_large() -> ImportResult:
    """Return the result for a file over the limit."""
    message = "The file is larger than %(most)s MB."
    return unreadable_file(message, "Divide it into several files.", most=MAX_FILE_BYTES // 1024**2)
