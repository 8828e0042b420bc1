"""Read and write the files that all courses share: competencies, plan, sources, glossary, rubrics, treaties, cards."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from tomlkit.exceptions import TOMLKitError

from app.catalogue.domain.course_files import LARGE_BYTES, Files
from app.catalogue.domain.folder_names import Name
from app.catalogue.domain.lessons import COUNTRIES
from app.catalogue.domain.library import References
from app.catalogue.domain.page_limits import check_limits
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.competencies import Competencies, read_competencies, write_competencies
from app.catalogue.domain.references.country_card_checks import read_checked_cards
from app.catalogue.domain.references.country_cards import write_country_cards
from app.catalogue.domain.references.glossary import Glossary, read_glossary, write_glossary
from app.catalogue.domain.references.plan import Plan, read_plan, write_plan
from app.catalogue.domain.references.plan_checks import RULES
from app.catalogue.domain.references.rubrics import read_rubrics, write_rubrics
from app.catalogue.domain.references.sources import Sources, read_sources, write_sources
from app.catalogue.domain.references.texts import Texts, write_texts
from app.catalogue.domain.references.treaties import read_treaties, write_treaties
from app.catalogue.domain.text import TextFile, read

T = TypeVar("T")


def read_references(files: Files, base: References | None) -> tuple[References, list[Problem]]:
    """Return the references and all problems; a kind without a file is taken from `base`, or is empty."""
    sources, problems = _opened(files)
    tomls = {name.name: source for name, source in sources.items() if not name.language}
    problems += [_alone(source) for name, source in sources.items() if name.name not in tomls]
    earlier = base or References(Competencies(), Plan(), Sources(), Glossary())

    def read_or_take(
        name: str, read_one: Callable[[TextFile, dict[str, TextFile]], tuple[T, list[Problem]]], taken: T
    ) -> T:
        toml = tomls.get(name)
        if toml is None:
            return taken
        reference, new_problems = read_one(toml, _texts(sources, name))
        problems.extend(new_problems)
        return reference

    competencies = read_or_take("competencies", read_competencies, earlier.competencies)
    plan = read_or_take("plan", partial(read_plan, rules=RULES, countries=COUNTRIES), earlier.plan)
    cited = read_or_take("sources", lambda toml, _texts: read_sources(toml), earlier.sources)
    glossary = read_or_take("glossary", read_glossary, earlier.glossary)
    rubrics = read_or_take("rubrics", partial(read_rubrics, framework=competencies), earlier.rubrics)
    read_table = partial(read_treaties, sources=cited, countries=sorted(COUNTRIES))
    treaties = read_or_take("treaties", read_table, earlier.treaties)
    read_cards = partial(read_checked_cards, countries=sorted(COUNTRIES))
    countries = read_or_take("countries", read_cards, earlier.countries)
    texts = {f"{name}.toml": source.text for name, source in tomls.items()}
    return References(competencies, plan, cited, glossary, texts, rubrics, treaties, countries), problems


def write_references(references: References) -> dict[str, str]:
    """Return the texts of the files, by name; kinds that were not read from this folder are left out."""
    writers: dict[str, tuple[Callable[[str], str], Mapping[str, Texts]]] = {
        "competencies": (partial(write_competencies, references.competencies), references.competencies.texts),
        "plan": (partial(write_plan, references.plan), references.plan.texts),
        "sources": (partial(write_sources, references.sources), {}),
        "glossary": (partial(write_glossary, references.glossary), references.glossary.texts),
        "rubrics": (partial(write_rubrics, references.rubrics), references.rubrics.texts),
        "treaties": (partial(write_treaties, references.treaties), references.treaties.texts),
        "countries": (partial(write_country_cards, references.countries), references.countries.texts),
    }
    written: dict[str, str] = {}
    for name, (write, texts) in writers.items():
        if before := references.toml.get(f"{name}.toml"):
            written[f"{name}.toml"] = _into(before, write)
            written |= {f"{name}.{language}.md": write_texts(text) for language, text in texts.items()}
    return written


def _opened(files: Files) -> tuple[dict[Name, TextFile], list[Problem]]:
    sources: dict[Name, TextFile] = {}
    problems: list[Problem] = []
    for name, (path, raw) in files.items():
        sources[name], new_problems = read(path, raw[: 2 * LARGE_BYTES])
        problems += new_problems + check_limits(sources[name], page_bytes=LARGE_BYTES)
    return sources, problems


def _into(before: str, write: Callable[[str], str]) -> str:
    """Update the earlier text; a text that is not TOML stays unchanged, for its author to correct."""
    try:
        return write(before)
    except TOMLKitError:
        return before


def _texts(sources: Mapping[Name, TextFile], name: str) -> dict[str, TextFile]:
    return {file.language: source for file, source in sources.items() if file.name == name and file.language}


def _alone(source: TextFile) -> Problem:
    name = source.file.partition(".")[0]
    message, hint = "These texts belong to no file: %(name)s.toml is missing.", "Add it, or delete the texts."
    return Problem(source.file, 1, message, hint, {"name": name})
