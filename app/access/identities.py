"""What anybody may see of an officer: the table of safeguarding section 3, on one page."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum


class Viewer(StrEnum):
    """As what somebody looks at an officer: the same person may be several of them, each at its own door."""

    SELF = "self"
    PEER = "peer"
    PARTICIPANT = "participant"  # of the same event
    SUPERVISOR = "supervisor"  # of officers assigned one by one, or of all of a service
    CONTACT_POINT = "contact_point"
    TRAINER = "trainer"  # or assessor, or whoever runs an event
    COORDINATOR = "coordinator"
    CO_CHAIR = "co_chair"
    ADMINISTRATOR = "administrator"
    PUBLIC = "public"


class Part(StrEnum):
    """A part of what the academy knows of an officer."""

    ALIAS = "alias"
    ROLE = "role"
    COUNTRY = "country"
    NAME = "name"  # and what else says who it is: mail, service number
    STANDING = "standing"  # completion, verified competencies, due dates
    WORK = "work"  # what is to be marked
    FIGURES = "figures"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Officer:
    """What of an officer decides who sees what."""

    country: str = ""
    protected: bool = False  # under threat, says the own country
    shows_country: bool = False  # the own choice
    both_share_names: bool = False  # officer and viewer, for one event
    named_for_a_purpose: bool = False  # travel, visa, certificate: said and logged, or break-glass


NOTHING: Set[Part] = frozenset()
ALL = frozenset(Part)
_PEER = frozenset({Part.ALIAS, Part.ROLE, Part.COUNTRY})
_WORK = frozenset({Part.ALIAS, Part.WORK})
# viewer: what is seen of an officer of the own country, and of another one
TABLE: Mapping[Viewer, tuple[Set[Part], Set[Part]]] = {
    Viewer.SELF: (ALL, ALL),
    Viewer.PEER: (_PEER, _PEER),
    Viewer.PARTICIPANT: (frozenset({Part.ALIAS}), frozenset({Part.ALIAS})),
    Viewer.SUPERVISOR: (frozenset({Part.ALIAS, Part.NAME, Part.STANDING}), NOTHING),
    Viewer.CONTACT_POINT: (_PEER | {Part.NAME, Part.STANDING}, NOTHING),
    Viewer.TRAINER: (_WORK, _WORK),
    Viewer.COORDINATOR: (frozenset({Part.FIGURES}), frozenset({Part.FIGURES})),
    Viewer.CO_CHAIR: (frozenset({Part.FIGURES}), frozenset({Part.FIGURES})),
    Viewer.ADMINISTRATOR: (frozenset({Part.ID}), frozenset({Part.ID})),
    Viewer.PUBLIC: (NOTHING, NOTHING),
}
BY_CONSENT = frozenset({Viewer.PARTICIPANT, Viewer.TRAINER})
FOR_A_PURPOSE = frozenset({Viewer.COORDINATOR, Viewer.ADMINISTRATOR})
# the own country set the flag, and has to know whom it protects
KNOW_THE_PROTECTED = frozenset({Viewer.SELF, Viewer.SUPERVISOR, Viewer.CONTACT_POINT})


def seen(viewer: Viewer, own_country: str, officer: Officer) -> Set[Part]:
    """Return what somebody of this country, looking as this, sees of an officer."""
    own = bool(own_country) and own_country == officer.country
    found = TABLE[viewer][0 if own else 1]
    if viewer in BY_CONSENT and officer.both_share_names:
        found |= {Part.NAME}
    if viewer in FOR_A_PURPOSE and officer.named_for_a_purpose:
        found |= {Part.NAME}
    if viewer is Viewer.PEER and not own and not officer.shows_country:
        found -= {Part.COUNTRY}
    return _without_the_hidden(viewer, found) if officer.protected else found


def seen_by_all(looks: Set[Viewer], own_country: str, officer: Officer) -> Set[Part]:
    """Return what somebody sees of an officer who looks as several of these at once.

    A role and a country that are hidden from peers are hidden from whoever runs an event, too.
    """
    return frozenset().union(*(seen(one, own_country, officer) for one in looks))


def _without_the_hidden(viewer: Viewer, found: Set[Part]) -> Set[Part]:
    if viewer in KNOW_THE_PROTECTED:
        return found
    return NOTHING if viewer is Viewer.PEER else found - {Part.ROLE, Part.COUNTRY, Part.NAME}
