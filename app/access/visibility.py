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


class IdentityField(StrEnum):
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
class OfficerVisibility:
    """What of an officer decides who sees what."""

    country: str = ""
    protected: bool = False  # under threat, says the own country
    shows_country: bool = False  # the own choice
    both_share_names: bool = False  # officer and viewer, for one event
    named_for_a_purpose: bool = False  # travel, visa, certificate: said and logged, or break-glass


NOTHING: Set[IdentityField] = frozenset()
ALL = frozenset(IdentityField)
_PEER = frozenset({IdentityField.ALIAS, IdentityField.ROLE, IdentityField.COUNTRY})
_WORK = frozenset({IdentityField.ALIAS, IdentityField.WORK})
# viewer: what is seen of an officer of the own country, and of another one
VISIBLE_FIELDS: Mapping[Viewer, tuple[Set[IdentityField], Set[IdentityField]]] = {
    Viewer.SELF: (ALL, ALL),
    Viewer.PEER: (_PEER, _PEER),
    Viewer.PARTICIPANT: (frozenset({IdentityField.ALIAS}), frozenset({IdentityField.ALIAS})),
    Viewer.SUPERVISOR: (frozenset({IdentityField.ALIAS, IdentityField.NAME, IdentityField.STANDING}), NOTHING),
    Viewer.CONTACT_POINT: (_PEER | {IdentityField.NAME, IdentityField.STANDING}, NOTHING),
    Viewer.TRAINER: (_WORK, _WORK),
    Viewer.COORDINATOR: (frozenset({IdentityField.FIGURES}), frozenset({IdentityField.FIGURES})),
    Viewer.CO_CHAIR: (frozenset({IdentityField.FIGURES}), frozenset({IdentityField.FIGURES})),
    Viewer.ADMINISTRATOR: (frozenset({IdentityField.ID}), frozenset({IdentityField.ID})),
    Viewer.PUBLIC: (NOTHING, NOTHING),
}
BY_CONSENT = frozenset({Viewer.PARTICIPANT, Viewer.TRAINER})
FOR_A_PURPOSE = frozenset({Viewer.COORDINATOR, Viewer.ADMINISTRATOR})
# the own country set the flag, and has to know whom it protects
VIEWERS_OF_PROTECTED = frozenset({Viewer.SELF, Viewer.SUPERVISOR, Viewer.CONTACT_POINT})


def visible_fields(viewer: Viewer, own_country: str, officer: OfficerVisibility) -> Set[IdentityField]:
    """Return what somebody of this country, looking as this, sees of an officer."""
    own = bool(own_country) and own_country == officer.country
    found = VISIBLE_FIELDS[viewer][0 if own else 1]
    if viewer in BY_CONSENT and officer.both_share_names:
        found |= {IdentityField.NAME}
    if viewer in FOR_A_PURPOSE and officer.named_for_a_purpose:
        found |= {IdentityField.NAME}
    if viewer is Viewer.PEER and not own and not officer.shows_country:
        found -= {IdentityField.COUNTRY}
    return _without_hidden(viewer, found) if officer.protected else found


def visible_fields_of_all(looks: Set[Viewer], own_country: str, officer: OfficerVisibility) -> Set[IdentityField]:
    """Return what somebody sees of an officer who looks as several of these at once.

    A role and a country that are hidden from peers are hidden from whoever runs an event, too.
    """
    return frozenset().union(*(visible_fields(one, own_country, officer) for one in looks))


def _without_hidden(viewer: Viewer, found: Set[IdentityField]) -> Set[IdentityField]:
    if viewer in VIEWERS_OF_PROTECTED:
        return found
    return NOTHING if viewer is Viewer.PEER else found - {IdentityField.ROLE, IdentityField.COUNTRY, IdentityField.NAME}
