"""Invented agencies, officers and staff of the demonstration by member country; the same for the same seed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.access.policy import Role, Scope
from app.identity.domain.people import AgencyKind
from app.operations.domain import MEMBERS

ZONES = MEMBERS
LANGUAGES = {"FR": ("fr",), "IQ": ("ar", "ar", "en")}  # of the pages; everywhere else English
HELP = "The counsellor of your agency (fictional): +00 000 0000, every day from 8:00 to 20:00."
FIRST = "IQ"  # country of the practitioner, the trainer and the contact point of the tour
EAGER = (FIRST, "BG", "RS", "PK")  # whose officers come to events first
# of 180 officers; unequal, so that several cells of a table are large enough to be shown and others are not
SIZES = {
    "IQ": 31, "BG": 27, "RS": 26, "PK": 24, "MK": 13, "BD": 13, "AZ": 12, "BA": 10, "HU": 8, "AT": 6, "FR": 4, "DE": 3,
    "NL": 3,
}  # fmt: skip
KINDS = ((AgencyKind.BORDER, "Border service"), (AgencyKind.POLICE, "Police service"))
THIRD = (AgencyKind.LABOUR, "Labour inspection")
# the weight of each role of the framework, and the title in its aliases
ROLES = {
    "first_responder": (10, "First responder"),
    "investigator": (5, "Investigator"),
    "digital_investigator": (2, "Digital investigator"),
    "victim_liaison": (2, "Victim liaison"),
    "prosecutor_liaison": (1, "Prosecutor liaison"),
}
OFFICERS = sum(SIZES.values())
TOUR = ("first_responder", "investigator", "digital_investigator")  # roles of the first officers: those of the tour


@dataclass(frozen=True, slots=True)
class RosterAgency:
    """An agency of a country. `index` counts the agencies of a country from 0."""

    country: str
    index: int
    kind: AgencyKind
    name: str


@dataclass(frozen=True, slots=True)
class InitialRole:
    role: Role
    scope: Scope
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """An invented person. `roles` are those of the framework; `agency` is an index in the agencies of the country."""

    alias: str
    name: str
    mail: str
    country: str
    agency: int
    roles: tuple[str, ...]
    language: str
    grants: tuple[InitialRole, ...] = ()

    @property
    def time_zone(self) -> str:
        """Return the time zone of the country."""
        return ZONES[self.country]


def agencies() -> list[RosterAgency]:
    """Return two or three agencies for each country, with neutral names."""
    return [
        RosterAgency(country, index, kind, f"{name} {chr(ord('A') + index)}")
        for number, country in enumerate(ZONES)
        for index, (kind, name) in enumerate((*KINDS, THIRD) if number % 3 == 0 else KINDS)
    ]


def officers(count: int, seed: int, further: Sequence[str] = ()) -> list[Player]:
    """Return practitioners, first those of the tour; after `count` of them one for each of the `further` countries."""
    random = Random(seed)  # noqa: S311 - invented people, no secret
    kinds = _kinds_by_country()
    numbers: Counter[str] = Counter()
    decks: dict[str, list[str]] = {}
    players = []
    for number, country in enumerate([*_countries(count, random), *further], 1):
        agency = 0 if number == 1 else random.randrange(len(kinds[country]))
        role = "first_responder" if number == 1 else _role(decks.setdefault(country, []), random)
        role = TOUR[number - 1] if number <= len(TOUR) else role
        title = _alias_title(role, kinds[country][agency])
        numbers[title] += 1
        language = "en" if number == 1 else random.choice(LANGUAGES.get(country, ("en",)))
        language = "en" if number <= len(TOUR) else language
        players.append(
            Player(
                alias=f"{title} {numbers[title]}",
                name=f"Fictional Person {number}",
                mail=f"person{number}@example.org",
                country=country,
                agency=agency,
                roles=(role,),
                language=language,
            )
        )
    return players


def staff() -> list[Player]:
    """Return the staff of the academy: a few people of each role, and a contact point for each country.

    Trainers and assessors get their roles with a course or an event.
    """
    rows: list[tuple[str, str, tuple[str, ...], tuple[InitialRole, ...]]] = [
        ("Trainer 1", FIRST, ("trainer",), ()),
        ("Trainer 2", "BG", ("trainer",), ()),
        ("Assessor 1", "RS", ("trainer",), ()),
        ("Assessor 2", "BG", ("trainer",), ()),
        ("Assessor 3", "FR", ("trainer",), ()),
        ("Coordinator 1", "AT", (), (InitialRole(Role.COORDINATOR, Scope.ALL),)),
        ("Coordinator 2", "AT", (), (InitialRole(Role.COORDINATOR, Scope.ALL),)),
        ("Co-chair 1", FIRST, (), (InitialRole(Role.CO_CHAIR, Scope.ALL),)),
        ("Supervisor 1", FIRST, (), (InitialRole(Role.SUPERVISOR, Scope.COUNTRY, FIRST),)),
        ("Administrator 1", "AT", (), (InitialRole(Role.ADMINISTRATOR, Scope.ALL),)),
    ]
    rows += [
        (
            f"Contact point {number}",
            country,
            ("single_point_of_contact",),
            (InitialRole(Role.CONTACT_POINT, Scope.COUNTRY, country),),
        )
        for number, country in enumerate([FIRST, *(code for code in ZONES if code != FIRST)], 1)
    ]
    # a third administrator takes two
    rows.append(("Administrator 2", "AT", (), (InitialRole(Role.ADMINISTRATOR, Scope.ALL),)))
    rows += [
        (f"Invigilator {number}", country, (), (InitialRole(Role.INVIGILATOR, Scope.ALL),))
        for number, country in enumerate(EAGER, 1)
    ]
    return [
        Player(
            alias=alias,
            name=f"Fictional Colleague {number}",
            mail=f"colleague{number}@example.org",
            country=country,
            agency=0,
            roles=roles,
            language="en",
            grants=grants,
        )
        for number, (alias, country, roles, grants) in enumerate(rows, 1)
    ]


def _countries(count: int, random: Random) -> list[str]:
    """Return a country for each officer, in proportion to the sizes; the first officer serves in the first country."""
    turns = [code for code, size in SIZES.items() for _officer in range(size)]
    whole, rest = divmod(count, len(turns))
    countries = turns * whole + random.sample(turns, rest)
    random.shuffle(countries)
    if FIRST in countries:
        countries.remove(FIRST)
    return [FIRST, *countries][:count]


def _kinds_by_country() -> dict[str, list[AgencyKind]]:
    kinds: dict[str, list[AgencyKind]] = {}
    for agency in agencies():
        kinds.setdefault(agency.country, []).append(agency.kind)
    return kinds


def _role(deck: list[str], random: Random) -> str:
    """Deal a role from the deck of a country, so that the weights of roles are exact."""
    if not deck:
        deck += [role for role, (weight, _alias_title) in ROLES.items() for _card in range(weight)]
        random.shuffle(deck)
    return deck.pop()


def _alias_title(role: str, kind: AgencyKind) -> str:
    if role == "first_responder" and kind is AgencyKind.BORDER:
        return "Border officer"
    return ROLES[role][1]
