from collections.abc import Set

import pytest

from app.access.visibility import (
    ALL,
    VISIBLE_FIELDS,
    IdentityField,
    OfficerVisibility,
    Viewer,
    visible_fields,
    visible_fields_of_all,
)

OWN, OTHER = OfficerVisibility("IQ"), OfficerVisibility("BG")
ALIAS, ROLE, COUNTRY, NAME, STANDING, WORK = (
    IdentityField.ALIAS, IdentityField.ROLE, IdentityField.COUNTRY, IdentityField.NAME, IdentityField.STANDING,
    IdentityField.WORK,
)  # fmt: skip
# the rules of visibility, written a second time by hand: viewer, of the own country, of another one
AGREED: tuple[tuple[Viewer, Set[IdentityField], Set[IdentityField]], ...] = (
    (Viewer.PEER, {ALIAS, ROLE, COUNTRY}, {ALIAS, ROLE}),
    (Viewer.PARTICIPANT, {ALIAS}, {ALIAS}),
    (Viewer.SUPERVISOR, {ALIAS, NAME, STANDING}, set()),
    (Viewer.CONTACT_POINT, {ALIAS, ROLE, COUNTRY, NAME, STANDING}, set()),
    (Viewer.TRAINER, {ALIAS, WORK}, {ALIAS, WORK}),
    (Viewer.COORDINATOR, {IdentityField.COUNTS, IdentityField.BANDS}, {IdentityField.COUNTS, IdentityField.BANDS}),
    (Viewer.CO_CHAIR, {IdentityField.FIGURES}, {IdentityField.FIGURES}),
    (Viewer.ADMINISTRATOR, {IdentityField.ID}, {IdentityField.ID}),
    (Viewer.PUBLIC, set(), set()),
    (Viewer.SELF, ALL, ALL),
)


def test_identity_table_equals_agreed_table() -> None:
    assert {one[0] for one in AGREED} == set(VISIBLE_FIELDS) == set(Viewer)
    assert [
        (viewer, visible_fields(viewer, "IQ", OWN), visible_fields(viewer, "IQ", OTHER))
        for viewer, _own, _other in AGREED
    ] == [(viewer, own, other) for viewer, own, other in AGREED]


def test_peer_abroad_sees_country_only_with_consent() -> None:
    assert COUNTRY in visible_fields(Viewer.PEER, "IQ", OfficerVisibility("BG", shows_country=True))
    assert COUNTRY not in visible_fields(Viewer.PEER, "IQ", OTHER)


@pytest.mark.parametrize("viewer", list(Viewer))
def test_protected_officer_is_visible_in_own_country_only(viewer: Viewer) -> None:
    hidden = OfficerVisibility(
        "BG", protected=True, shows_country=True, both_share_names=True, named_for_a_purpose=True
    )
    if viewer is not Viewer.SELF:
        assert not {ROLE, COUNTRY, NAME} & visible_fields(viewer, "IQ", hidden)
    if viewer not in {Viewer.SELF, Viewer.CONTACT_POINT, Viewer.SUPERVISOR}:
        assert not {ROLE, COUNTRY, NAME} & visible_fields(viewer, "BG", hidden)
    if viewer is Viewer.PEER:
        assert visible_fields(viewer, "BG", hidden) == set()
    if viewer is Viewer.CONTACT_POINT:
        assert {ROLE, COUNTRY, NAME} <= visible_fields(viewer, "BG", hidden)


@pytest.mark.parametrize("viewer", sorted(set(Viewer) - {Viewer.SELF}))
def test_foreign_name_needs_consent_or_purpose(viewer: Viewer) -> None:
    assert NAME not in visible_fields(viewer, "IQ", OTHER)
    by_consent = NAME in visible_fields(viewer, "IQ", OfficerVisibility("BG", both_share_names=True))
    for_a_purpose = NAME in visible_fields(viewer, "IQ", OfficerVisibility("BG", named_for_a_purpose=True))
    assert by_consent == (viewer in {Viewer.PARTICIPANT, Viewer.TRAINER})
    assert for_a_purpose == (viewer in {Viewer.COORDINATOR, Viewer.ADMINISTRATOR})


def test_viewer_without_posting_has_no_own_country() -> None:
    assert visible_fields(Viewer.CONTACT_POINT, "", OfficerVisibility("")) == set()


def test_viewer_with_several_roles_sees_union() -> None:
    both = {Viewer.PEER, Viewer.TRAINER}
    assert visible_fields_of_all(both, "IQ", OTHER) == {ALIAS, ROLE, WORK}
    assert visible_fields_of_all(both, "IQ", OfficerVisibility("IQ", protected=True)) == {ALIAS, WORK}
    assert visible_fields_of_all(set(), "IQ", OWN) == set()
