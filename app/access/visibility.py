"""Define which fields of an officer each kind of viewer sees, by country, consent and protection.

Nothing here is stored. Queries of `identity`, `directory` and `rights`, and pages of `competence`, apply it to each
officer; `tests/privacy/test_visible_identities.py` has the same table written by hand.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum


class Viewer(StrEnum):
    """The relation of a user to an officer; a user may have several relations, each with its own page."""

    SELF = "self"
    PEER = "peer"
    PARTICIPANT = "participant"  # of the same event
    SUPERVISOR = "supervisor"  # of officers assigned one by one, or of all of a service
    CONTACT_POINT = "contact_point"
    TRAINER = "trainer"  # or assessor, or host of an event
    COORDINATOR = "coordinator"
    CO_CHAIR = "co_chair"
    ADMINISTRATOR = "administrator"
    PUBLIC = "public"


class IdentityField(StrEnum):
    """A part of the data about an officer."""

    ALIAS = "alias"
    ROLE = "role"
    COUNTRY = "country"
    NAME = "name"  # and what else says who it is: mail, service number
    STANDING = "standing"  # completion, verified competencies, due dates
    WORK = "work"  # what is to be marked
    FIGURES = "figures"  # as published outside
    COUNTS = "counts"  # invited, completed, active, also under five
    BANDS = "bands"  # how many are verified, such as 1 to 4
    ID = "id"


@dataclass(frozen=True, slots=True)
class OfficerVisibility:
    """The facts about an officer that decide what a viewer sees."""

    country: str = ""
    protected: bool = False  # under threat, as the own country has set
    shows_country: bool = False  # the choice of the officer
    both_share_names: bool = False  # officer and viewer, for one event
    named_for_a_purpose: bool = False  # travel, visa, certificate: stated and logged, or emergency access


NOTHING: Set[IdentityField] = frozenset()
ALL = frozenset(IdentityField)
_PEER = frozenset({IdentityField.ALIAS, IdentityField.ROLE, IdentityField.COUNTRY})
_WORK = frozenset({IdentityField.ALIAS, IdentityField.WORK})
_ORGANISING = frozenset({IdentityField.COUNTS, IdentityField.BANDS})
# viewer: fields of an officer of the own country, fields of an officer of another country
VISIBLE_FIELDS: Mapping[Viewer, tuple[Set[IdentityField], Set[IdentityField]]] = {
    Viewer.SELF: (ALL, ALL),
    Viewer.PEER: (_PEER, _PEER),
    Viewer.PARTICIPANT: (frozenset({IdentityField.ALIAS}), frozenset({IdentityField.ALIAS})),
    Viewer.SUPERVISOR: (frozenset({IdentityField.ALIAS, IdentityField.NAME, IdentityField.STANDING}), NOTHING),
    Viewer.CONTACT_POINT: (_PEER | {IdentityField.NAME, IdentityField.STANDING}, NOTHING),
    Viewer.TRAINER: (_WORK, _WORK),
    Viewer.COORDINATOR: (_ORGANISING, _ORGANISING),
    Viewer.CO_CHAIR: (frozenset({IdentityField.FIGURES}), frozenset({IdentityField.FIGURES})),
    Viewer.ADMINISTRATOR: (frozenset({IdentityField.ID}), frozenset({IdentityField.ID})),
    Viewer.PUBLIC: (NOTHING, NOTHING),
}
BY_CONSENT = frozenset({Viewer.PARTICIPANT, Viewer.TRAINER})
FOR_A_PURPOSE = frozenset({Viewer.COORDINATOR, Viewer.ADMINISTRATOR})
# the own country sets the flag and must know whom it protects
VIEWERS_OF_PROTECTED = frozenset({Viewer.SELF, Viewer.SUPERVISOR, Viewer.CONTACT_POINT})


def visible_fields(viewer: Viewer, own_country: str, officer: OfficerVisibility) -> Set[IdentityField]:
    """Return the fields of an officer that a viewer of this country sees."""
    same_country = own_country == officer.country != ""
    fields = VISIBLE_FIELDS[viewer][0 if same_country else 1]
    if _sees_name(viewer, officer):
        fields |= {IdentityField.NAME}
    if viewer is Viewer.PEER and not (same_country or officer.shows_country):
        fields -= {IdentityField.COUNTRY}
    return _without_hidden(viewer, fields) if officer.protected else fields


def visible_fields_of_all(viewers: Set[Viewer], own_country: str, officer: OfficerVisibility) -> Set[IdentityField]:
    """Return the fields of an officer that a user with several relations to the officer sees.

    A role and a country that are hidden from peers are hidden from the trainers of an event, too.
    """
    return frozenset().union(*(visible_fields(viewer, own_country, officer) for viewer in viewers))


def _sees_name(viewer: Viewer, officer: OfficerVisibility) -> bool:
    by_consent = viewer in BY_CONSENT and officer.both_share_names
    return by_consent or (viewer in FOR_A_PURPOSE and officer.named_for_a_purpose)


def _without_hidden(viewer: Viewer, fields: Set[IdentityField]) -> Set[IdentityField]:
    if viewer in VIEWERS_OF_PROTECTED:
        return fields
    hidden = {IdentityField.ROLE, IdentityField.COUNTRY, IdentityField.NAME}
    return NOTHING if viewer is Viewer.PEER else fields - hidden
