"""`glossary.toml` and `glossary.<lang>.md`: terms with one meaning in all courses."""

from collections.abc import Mapping

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import Id, read_entries, unknown
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.texts import Texts, Wanted, read_all_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import TextFile


class GlossaryTerm(msgspec.Struct, frozen=True):
    """A term. `source` is a legal reference as text, `aliases` other names for `[[...]]`, `links` ids of related terms.

    `for_translators` is in the source language and not shown to learners.
    """

    id: Id
    source: str
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    for_translators: str = ""


class Glossary(msgspec.Struct, frozen=True):
    """Terms in the order of the file; `texts` by language: the first line is the term, the body its meaning."""

    terms: tuple[GlossaryTerm, ...] = ()
    texts: dict[str, Texts] = {}

    def find(self, name: str) -> GlossaryTerm | None:
        """Return the term of an id or alias, or None."""
        return next((term for term in self.terms if name == term.id or name in term.aliases), None)


def read_glossary(
    toml_source: TextFile, md_sources: Mapping[str, TextFile], *, source_language: str = "en"
) -> tuple[Glossary, list[Problem]]:
    """Return the glossary and every problem of its files."""
    file, problems = locate(toml_source)
    terms, new_problems = read_entries(file, "term", GlossaryTerm)
    problems += new_problems + _links(file, terms)
    wanted = {name: Wanted() for name in file.ids("term")}
    texts, new_problems = read_all_texts(md_sources, wanted, source_language=source_language)
    return Glossary(terms, texts), problems + new_problems


def write_glossary(glossary: Glossary, before: str = "") -> str:
    """Write `glossary.toml` into its earlier text; `write_texts` writes the texts of a language."""
    return toml_text({"term": [plain(term) for term in glossary.terms]}, before)


def _links(file: Located, terms: tuple[GlossaryTerm, ...]) -> list[Problem]:
    ids = file.ids("term")
    places = {name: place for place, name in reversed(list(enumerate(ids)))}
    problems = []
    taken = set(ids)
    for term in terms:
        problems += unknown(file, ("term", places[term.id], "links"), term.links, ids)
        for alias in term.aliases:
            if alias in taken:
                line = file.line("term", places[term.id], "aliases")
                message = "Two terms have the name %(name)s."
                problems.append(Problem(file.file, line, message, "Remove it from one of them.", {"name": alias}))
            taken.add(alias)
    return problems
