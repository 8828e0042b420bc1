"""Find the terms of the glossary in a paragraph, with their official translation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.domain.references.glossary import Glossary, GlossaryTerm

_NOTE = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class TranslatedTerm:
    """A term in both languages; `translation` is "" if the glossary has none. `note` is for translators."""

    term: str
    translation: str
    note: str


class TermFinder:
    """Find glossary terms in source texts by their title, id and aliases; build it once for all paragraphs."""

    def __init__(self, glossary: Glossary, source: str, language: str) -> None:
        """Prepare the search; `source` and `language` are codes of languages."""
        self._glossary, self._source, self._language = glossary, source, language
        self._terms = _names(glossary, source)
        longest_first = sorted(self._terms, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE) if names else None

    def terms(self, text: str) -> tuple[TranslatedTerm, ...]:
        """Return the terms of a text in the order of their first use."""
        if self._pattern is None:
            return ()
        used = dict.fromkeys(self._terms[match.lower()].id for match in self._pattern.findall(text))
        return tuple(self._translated(term_id) for term_id in used)

    def _translated(self, term_id: str) -> TranslatedTerm:
        term = self._glossary.find(term_id)
        note = term.for_translators if term else ""
        return TranslatedTerm(self._title(term_id, self._source) or term_id, self._title(term_id, self._language), note)

    def _title(self, term_id: str, language: str) -> str:
        texts = self._glossary.texts.get(language)
        text = texts.get(term_id) if texts else None
        return text.title if text else ""


def _names(glossary: Glossary, source: str) -> Mapping[str, GlossaryTerm]:
    """Return the terms by every name in small letters: title without notes in brackets, id, aliases."""
    names: dict[str, GlossaryTerm] = {}
    texts = glossary.texts.get(source)
    for term in glossary.terms:
        text = texts.get(term.id) if texts else None
        title = _NOTE.sub("", text.title) if text else ""
        ids = (term.id, *term.aliases)
        for name in (title, *ids, *(name.replace("-", " ") for name in ids)):
            if name:
                names.setdefault(name.lower(), term)
    return names
