"""Who plays in the demonstration: countries, agencies, officers and staff, all invented, the same for the same seed."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from app.access.policy import Role, Scope
from app.identity.domain.people import AgencyKind
from app.operations.domain import MEMBERS

ZONES = MEMBERS
LANGUAGES = {"FR": ("fr",), "IQ": ("ar", "ar", "en")}  # of the pages; everywhere else English
HELP = "The counsellor of your agency (fictional): +00 000 0000, every day from 8:00 to 20:00."
FIRST = "IQ"  # where the practitioner, the trainer and the contact point of the tour serve
EAGER = (FIRST, "BG", "RS", "PK")  # whose officers come to events first
# of 180 officers; unequal, so that several cells of a table are large enough to be shown and others are not
SIZES = {
    "IQ": 31, "BG": 27, "RS": 26, "PK": 24, "MK": 13, "BD": 13, "AZ": 12, "BA": 10, "HU": 8, "AT": 6, "FR": 4, "DE": 3,
    "NL": 3,
}  # fmt: skip
KINDS = ((AgencyKind.BORDER, "Border service"), (AgencyKind.POLICE, "Police service"))
THIRD = (AgencyKind.LABOUR, "Labour inspection")
# how often each role of the framework is met, and the words of its aliases
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
class Service:
    """An agency of a country; `place` counts the agencies of a country from 0."""

    country: str
    place: int
    kind: AgencyKind
    name: str


@dataclass(frozen=True, slots=True)
class Grant:
    role: Role
    scope: Scope
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the demonstration; `roles` are those of the framework, `agency` is a place among the country's."""

    alias: str
    name: str
    mail: str
    country: str
    agency: int
    roles: tuple[str, ...]
    language: str
    grants: tuple[Grant, ...] = ()

    @property
    def time_zone(self) -> str:
        """Return the zone of the country."""
        return ZONES[self.country]


def services() -> list[Service]:
    """Return two or three agencies for each country, named neutrally."""
    found = []
    for number, country in enumerate(ZONES):
        kinds = (*KINDS, THIRD) if number % 3 == 0 else KINDS
        found += [
            Service(country, place, kind, f"{words} {chr(ord('A') + place)}")
            for place, (kind, words) in enumerate(kinds)
        ]
    return found


def officers(count: int, seed: int) -> list[Player]:
    """Return practitioners under aliases; the first ones are those of the tour."""
    random = Random(seed)  # noqa: S311 - invented people, no secret
    kinds = _agencies()
    numbers: Counter[str] = Counter()
    decks: dict[str, list[str]] = {}
    found = []
    for number, country in enumerate(_countries(count, random), 1):
        agency = 0 if number == 1 else random.randrange(len(kinds[country]))
        role = "first_responder" if number == 1 else _role(decks.setdefault(country, []), random)
        role = TOUR[number - 1] if number <= len(TOUR) else role
        words = _words(role, kinds[country][agency])
        numbers[words] += 1
        language = "en" if number == 1 else random.choice(LANGUAGES.get(country, ("en",)))
        language = "en" if number <= len(TOUR) else language
        found.append(
            Player(
                alias=f"{words} {numbers[words]}",
                name=f"Fictional Person {number}",
                mail=f"person{number}@example.org",
                country=country,
                agency=agency,
                roles=(role,),
                language=language,
            )
        )
    return found


def staff() -> list[Player]:
    """Return those who run the academy: few of each role, and a contact point for each country.

    What trainers and assessors teach and assess is granted with the course or the event.
    """
    rows: list[tuple[str, str, tuple[str, ...], tuple[Grant, ...]]] = [
        ("Trainer 1", FIRST, ("trainer",), ()),
        ("Trainer 2", "BG", ("trainer",), ()),
        ("Assessor 1", "RS", ("trainer",), ()),
        ("Assessor 2", "BG", ("trainer",), ()),
        ("Assessor 3", "FR", ("trainer",), ()),
        ("Coordinator 1", "AT", (), (Grant(Role.COORDINATOR, Scope.ALL),)),
        ("Coordinator 2", "AT", (), (Grant(Role.COORDINATOR, Scope.ALL),)),
        ("Co-chair 1", FIRST, (), (Grant(Role.CO_CHAIR, Scope.ALL),)),
        ("Supervisor 1", FIRST, (), (Grant(Role.SUPERVISOR, Scope.COUNTRY, FIRST),)),
        ("Administrator 1", "AT", (), (Grant(Role.ADMINISTRATOR, Scope.ALL),)),
    ]
    rows += [
        (f"Contact point {number}", country, ("single_point_of_contact",), _contact(country))
        for number, country in enumerate([FIRST, *(code for code in ZONES if code != FIRST)], 1)
    ]
    # a third administrator takes two
    rows.append(("Administrator 2", "AT", (), (Grant(Role.ADMINISTRATOR, Scope.ALL),)))
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


def _contact(country: str) -> tuple[Grant, ...]:
    return (Grant(Role.CONTACT_POINT, Scope.COUNTRY, country),)


def _countries(count: int, random: Random) -> list[str]:
    """Return a country for each officer, in proportion to the sizes; the first officer serves in the first country."""
    turns = [code for code, size in SIZES.items() for _officer in range(size)]
    whole, rest = divmod(count, len(turns))
    found = turns * whole + random.sample(turns, rest)
    random.shuffle(found)
    if FIRST in found:
        found.remove(FIRST)
    return [FIRST, *found][:count]


def _agencies() -> dict[str, list[AgencyKind]]:
    found: dict[str, list[AgencyKind]] = {}
    for service in services():
        found.setdefault(service.country, []).append(service.kind)
    return found


def _role(deck: list[str], random: Random) -> str:
    """Deal a role: within a country each is met as often as its weight says, not by chance."""
    if not deck:
        deck += [role for role, (weight, _words) in ROLES.items() for _card in range(weight)]
        random.shuffle(deck)
    return deck.pop()


def _words(role: str, kind: AgencyKind) -> str:
    if role == "first_responder" and kind is AgencyKind.BORDER:
        return "Border officer"
    return ROLES[role][1]
