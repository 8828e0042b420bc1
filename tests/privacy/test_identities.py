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


def test_the_table_is_what_was_agreed() -> None:
    assert {one[0] for one in AGREED} == set(TABLE) == set(Viewer)
    assert [(viewer, seen(viewer, "IQ", OWN), seen(viewer, "IQ", OTHER)) for viewer, _own, _other in AGREED] == [
        (viewer, own, other) for viewer, own, other in AGREED
    ]


def test_a_peer_of_another_country_sees_the_country_where_the_officer_allows_it() -> None:
    assert COUNTRY in seen(Viewer.PEER, "IQ", Officer("BG", shows_country=True))
    assert COUNTRY not in seen(Viewer.PEER, "IQ", OTHER)


@pytest.mark.parametrize("viewer", list(Viewer))
def test_an_officer_under_threat_shows_role_and_country_to_the_own_country_alone(viewer: Viewer) -> None:
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
def test_a_name_of_another_country_needs_consent_or_a_purpose(viewer: Viewer) -> None:
    assert NAME not in seen(viewer, "IQ", OTHER)
    by_consent = NAME in seen(viewer, "IQ", Officer("BG", both_share_names=True))
    for_a_purpose = NAME in seen(viewer, "IQ", Officer("BG", named_for_a_purpose=True))
    assert by_consent == (viewer in {Viewer.PARTICIPANT, Viewer.TRAINER})
    assert for_a_purpose == (viewer in {Viewer.COORDINATOR, Viewer.ADMINISTRATOR})


def test_who_serves_nowhere_has_no_own_country() -> None:
    assert seen(Viewer.CONTACT_POINT, "", Officer("")) == set()


def test_who_looks_as_several_sees_what_any_of_them_sees() -> None:
    both = {Viewer.PEER, Viewer.TRAINER}
    assert seen_by_all(both, "IQ", OTHER) == {ALIAS, ROLE, WORK}
    assert seen_by_all(both, "IQ", Officer("IQ", protected=True)) == {ALIAS, WORK}
    assert seen_by_all(set(), "IQ", OWN) == set()
