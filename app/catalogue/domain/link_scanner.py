"""Find sources, glossary terms, links and pictures in a line of lesson Markdown."""

import re

from app.catalogue.domain.lessons import Mention
from app.catalogue.domain.targets import DOCUMENT_ID, UNIT_NAME

_CITATION = re.compile(r"(?<!\[)\[@([^\[\]]{1,600})\]")
_BAD_CITATION = re.compile(r"(?<!\[)\[@(?![^\[\]]{1,600}\])")
_TERM = re.compile(r"\[\[([a-z0-9][a-z0-9-]{0,79})(?:\\?\|([^\[\]<|]{1,200}))?\]\]")
_BAD_TERM = re.compile(r"(?<!\[)\[\[(?!\[)([^\[\]\n]{0,300})\]?\]?")
_DOCUMENT = re.compile(rf"\[\[@({DOCUMENT_ID}:(?:[1-9][0-9]{{0,2}}|{UNIT_NAME}))\]\]")
_PICTURE = re.compile(r"!\[([^\[\]]*)\]\(\s*<?([^()\s<>]+)>?[^()]*\)")
_LINK = re.compile(r"(?<!!)\[[^\[\]]*\]\(\s*<?([^()\s<>]+)>?[^()]*\)")
SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def citations(line: str, number: int) -> list[Mention]:
    """Return `[@source, place]`, and each of `[@source, place; @source]`."""
    mentions = []
    for citation in _CITATION.finditer(line):
        for citation_text in citation[1].split("; @"):
            source, _, passage = citation_text.partition(",")
            mentions.append(Mention(source.strip(), number, " ".join(passage.split())))
    return mentions


def terms(line: str, number: int) -> list[Mention]:
    """Return `[[term]]` and `[[term|shown words]]`."""
    return [Mention(term[1], number, term[2] or "") for term in _TERM.finditer(line)]


def documents(line: str, number: int) -> list[Mention]:
    """Return the target of each link to a line of a document, `[[@SF-D10:3]]`."""
    return [Mention(link[1], number) for link in _DOCUMENT.finditer(line)]


def pictures(line: str, number: int) -> list[Mention]:
    """Return the address and the description of every picture."""
    return [Mention(picture[2], number, picture[1].strip()) for picture in _PICTURE.finditer(line)]


def links(line: str, number: int) -> list[Mention]:
    """Return the address of every link."""
    return [Mention(link[1], number) for link in _LINK.finditer(line)]


def broken(line: str) -> list[str]:
    """Return the beginnings of citations and terms that cannot be read."""
    cut = [line[citation.start() : citation.start() + 30] for citation in _BAD_CITATION.finditer(line)]
    terms_and_links = [
        term[0][:30]
        for term in _BAD_TERM.finditer(line)
        if not _TERM.match(line, term.start()) and not _DOCUMENT.match(line, term.start())
    ]
    return cut + terms_and_links
