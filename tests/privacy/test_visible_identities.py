from collections.abc import Set

import pytest

from app.access.identities import ALL, TABLE, Officer, Part, Viewer, seen, seen_by_all

OWN, OTHER = Officer("IQ"), Officer("BG")
ALIAS, ROLE, COUNTRY, NAME, STANDING, WORK = (
    Part.ALIAS, Part.ROLE, Part.COUNTRY, Part.NAME, Part.STANDING, Part.WORK,
)  # fmt: skip
# safeguarding section 3, written a second time by hand: viewer, of the own country, of another one
AGREED: tuple[tuple[Viewer, Set[Part], Set[Part]], ...] = (
    (Viewer.PEER, {ALIAS, ROLE, COUNTRY}, {ALIAS, ROLE}),
    (Viewer.PARTICIPANT, {ALIAS}, {ALIAS}),
    (Viewer.SUPERVISOR, {ALIAS, NAME, STANDING}, set()),
    (Viewer.CONTACT_POINT, {ALIAS, ROLE, COUNTRY, NAME, STANDING}, set()),
    (Viewer.TRAINER, {ALIAS, WORK}, {ALIAS, WORK}),
    (Viewer.COORDINATOR, {Part.FIGURES}, {Part.FIGURES}),
    (Viewer.CO_CHAIR, {Part.FIGURES}, {Part.FIGURES}),
    (Viewer.ADMINISTRATOR, {Part.ID}, {Part.ID}),
    (Viewer.PUBLIC, set(), set()),
    (Viewer.SELF, ALL, ALL),
)


def test_identity_table_equals_agreed_table() -> None:
    assert {one[0] for one in AGREED} == set(TABLE) == set(Viewer)
    assert [(viewer, seen(viewer, "IQ", OWN), seen(viewer, "IQ", OTHER)) for viewer, _own, _other in AGREED] == [
        (viewer, own, other) for viewer, own, other in AGREED
    ]


def test_peer_abroad_sees_country_only_with_consent() -> None:
    assert COUNTRY in seen(Viewer.PEER, "IQ", Officer("BG", shows_country=True))
    assert COUNTRY not in seen(Viewer.PEER, "IQ", OTHER)


@pytest.mark.parametrize("viewer", list(Viewer))
def test_protected_officer_is_visible_in_own_country_only(viewer: Viewer) -> None:
    hidden = Officer("BG", protected=True, shows_country=True, both_share_names=True, named_for_a_purpose=True)
    if viewer is not Viewer.SELF:
        assert not {ROLE, COUNTRY, NAME} & seen(viewer, "IQ", hidden)
    if viewer not in {Viewer.SELF, Viewer.CONTACT_POINT, Viewer.SUPERVISOR}:
        assert not {ROLE, COUNTRY, NAME} & seen(viewer, "BG", hidden)
    if viewer is Viewer.PEER:
        assert seen(viewer, "BG", hidden) == set()
    if viewer is Viewer.CONTACT_POINT:
        assert {ROLE, COUNTRY, NAME} <= seen(viewer, "BG", hidden)


@pytest.mark.parametrize("viewer", sorted(set(Viewer) - {Viewer.SELF}))
def test_foreign_name_needs_consent_or_purpose(viewer: Viewer) -> None:
    assert NAME not in seen(viewer, "IQ", OTHER)
    by_consent = NAME in seen(viewer, "IQ", Officer("BG", both_share_names=True))
    for_a_purpose = NAME in seen(viewer, "IQ", Officer("BG", named_for_a_purpose=True))
    assert by_consent == (viewer in {Viewer.PARTICIPANT, Viewer.TRAINER})
    assert for_a_purpose == (viewer in {Viewer.COORDINATOR, Viewer.ADMINISTRATOR})


def test_viewer_without_posting_has_no_own_country() -> None:
    assert seen(Viewer.CONTACT_POINT, "", Officer("")) == set()


def test_viewer_with_several_roles_sees_union() -> None:
    both = {Viewer.PEER, Viewer.TRAINER}
    assert seen_by_all(both, "IQ", OTHER) == {ALIAS, ROLE, WORK}
    assert seen_by_all(both, "IQ", Officer("IQ", protected=True)) == {ALIAS, WORK}
    assert seen_by_all(set(), "IQ", OWN) == set()
