"""Write plain text as Markdown that shows exactly this text."""

import html
import re
import unicodedata

from app.catalogue.domain.text import in_code

# Characters that no course file may have, and private ones that the readers use as placeholders.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufeff\ufffe\uffff]")
_SPECIAL = re.compile(
    r"\\(?=[\\`*_{}\[\]()>#+\-.!|]|$)"  # a backslash before a character that it would escape
    r"|[`\[]"
    r"|\*(?!\s)|(?<=\S)\*"
    r"|(?<![^\W_])_|_(?![^\W_])",
    re.MULTILINE,
)
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_AUTOLINK = re.compile(r"<([^<>]++)>")
_LINE_START = re.compile(
    r"^(?:"
    r"(?P<escape>#|>|\||[-+](?=[-+=\s]|$)|\*(?=\s|$))"
    r"|(?P<number>[0-9]+)(?=\.(?:\s|$))"
    r"|(?P<entity>~(?=~~)|:(?=[-\s]|$)|/(?=//)|=(?==*[ \t]*$))"
    r")",
    re.MULTILINE,
)
_KEY = re.compile(r"^(kind|competency|level|form|cite|shuffle|pass_value|scale|unit|skip):")
_ANY_ENTITY = re.compile(r"&#?\w{1,32};?")
_SPACES = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """Return NFC text with LF line ends, without control characters and private characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


def escape_inline(text: str) -> str:
    """Escape the characters that mean something inside a line of Markdown."""
    text = _AUTOLINK.sub(_without_link, _ENTITY.sub("&amp;", text))
    return _SPECIAL.sub(r"\\\g<0>", text)


def _without_link(match: re.Match[str]) -> str:
    is_link = "://" in match[1] or "@" in match[1]
    return f"&lt;{match[1]}>" if is_link else match[0]


def escape_line_starts(text: str) -> str:
    """Escape the characters that mean something at the beginning of a line, as in lists and headings."""
    lines = "\n".join(line.lstrip(" \t") for line in text.split("\n"))
    return _LINE_START.sub(_escaped_start, lines)


def _escaped_start(match: re.Match[str]) -> str:
    if match["entity"]:
        return f"&#{ord(match['entity'])};"
    return f"{match['number']}\\" if match["number"] else f"\\{match['escape']}"


def plain_line(text: str) -> str:
    """Return the Markdown of a text shown in one line: white space is collapsed."""
    return escape_line_starts(escape_inline(_SPACES.sub(" ", text).strip()))


def plain_block(text: str) -> str:
    """Return the Markdown of a text of several lines: line ends and empty lines are shown."""
    blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip())
    paragraphs = (escape_line_starts(escape_inline(_trimmed_lines(block))) for block in blocks)
    return "\n\n".join(block.replace("\n", "  \n") for block in paragraphs if block)


def _trimmed_lines(text: str) -> str:
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))


def safe_stem(text: str) -> str:
    """Return Markdown that an item can have as its question: no line of it is read as a key, title or divider."""
    return safe_block(_KEY.sub(r"\1&#58;", text))


def safe_block(text: str) -> str:
    """Return Markdown without lines that would end an item: headings become smaller, a divider `---` becomes `***`."""
    lines = text.split("\n")
    code_lines = in_code(lines)
    return "\n".join(line if code else _safe_line(line) for line, code in zip(lines, code_lines, strict=True)).strip(
        "\n"
    )


def _safe_line(line: str) -> str:
    if line.rstrip() == "---":
        return "***"
    return f"### {line.lstrip('#').strip()}" if line.startswith(("## ", "# ")) else line


def unescaped_html(text: str) -> str:
    """Return text with its HTML entities decoded; an entity of an unwanted character is left out."""
    return _ANY_ENTITY.sub(lambda match: cleaned(html.unescape(match[0])), text)
