"""Cards of two countries: facts that were read in an old and an undated copy, and a hotline with a number."""

from functools import cache

import msgspec

from app.catalogue.domain.references.country_card_checks import read_checked_cards
from app.catalogue.domain.references.country_cards import CountryCards, FactName
from app.catalogue.domain.text import TextFile
from app.catalogue.queries import courses
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock

LAND = ("BG", "IQ")
NOTHING = "".join(f'\n[card.{name}]\nstatus = "not_found"\n' for name in FactName)
READ = """
[card.offence]
status = "read"
law = "Art. 1"
source = "code"
also = ["report"]
read_on = 2026-12-01
"""
HOTLINE = """
[card.hotline]
status = "read"
service = "Line of help"
number = "+359 00 000"
source = "line"
read_on = 2026-12-01
"""
SOURCES = """
[[source]]
id = "code"
title = "The code"
address = "https://code.example/art-1"
publisher = "Ministry"
copy_as_of = "2022-11"
language = "bg"

[[source]]
id = "report"
title = "A report"
address = "https://report.example/"
publisher = "Newspaper"
secondary = true
language = "en"

[[source]]
id = "line"
title = "The line"
address = "https://line.example/"
publisher = "Line of help"
copy_as_of = "2026-03-01"
language = "en"
"""
TEXT = """# Cards

## BG
Bulgaria

- offence: An act for exploitation; no means are named.
- hotline: Day and night, in three languages.

## IQ
Iraq
"""


def _facts(*facts: str) -> str:
    """Return the eight facts of a card, of which those given replace the ones that were not found."""
    blocks = dict.fromkeys(FactName, "")
    for name in FactName:
        blocks[name] = f'\n[card.{name}]\nstatus = "not_found"\n'
    for fact in facts:
        blocks[FactName(fact.strip().split("]")[0].removeprefix("[card."))] = fact
    return "".join(blocks.values())


TOML = (
    "# kept\nas_of = 2026-12-01\n"
    f'\n[[card]]\nid = "BG"\n{_facts(READ, HOTLINE)}'
    f'\n[[card]]\nid = "IQ"\n{NOTHING}{SOURCES}'
)


@cache
def sample() -> CountryCards:
    """Return the cards."""
    texts = {"en": TextFile("countries.en.md", TEXT)}
    cards, problems = read_checked_cards(TextFile("countries.toml", TOML), texts, countries=LAND)
    assert not problems
    return cards


def load(cards: CountryCards | None = None) -> None:
    """Store the cards beside the other references."""
    with transaction():
        references = msgspec.structs.replace(courses.references(), countries=cards or sample())
        publication.store_references(references, clock.now())
    db.session.remove()
