from datetime import UTC, datetime, timedelta

import pytest

from app.access import people_rules as rights_roles
from app.access.people_rules import INVITES_TO, can_invite
from app.access.policy import Role, Scope
from app.identity.domain.contact import is_mail, is_number, masked
from app.invitations.domain.aliases import alias
from app.invitations.domain.invitations import (
    LETTER_LIFE,
    LINK_LIFE,
    InvitationState,
    InvitationTerm,
    asks_whether_led,
    invitable_roles,
    scope_and_reach,
)

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_how_long_link_and_letter_are_good() -> None:
    assert (timedelta(hours=72), timedelta(days=14)) == (LINK_LIFE, LETTER_LIFE)


@pytest.mark.parametrize("held", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_roles_that_each_role_may_invite_to(held: Role, role: Role) -> None:
    officers = {Role.PRACTITIONER, Role.SUPERVISOR}
    wanted = {
        Role.CONTACT_POINT: officers,
        Role.COORDINATOR: {Role.CONTACT_POINT, Role.TRAINER, Role.CO_CHAIR},
        Role.ADMINISTRATOR: {Role.CONTACT_POINT, Role.COORDINATOR},
    }.get(held, set())
    mine = can_invite({held}, "IQ", role, "IQ", led=False)
    theirs = can_invite({held}, "IQ", role, "BG", led=False)
    assert mine == (role in wanted)
    assert theirs == (role in wanted and held is not Role.CONTACT_POINT)
    assert (role in invitable_roles({held})) == (role in wanted)
    first_alone = (held, role) == (Role.ADMINISTRATOR, Role.CONTACT_POINT)
    assert can_invite({held}, "IQ", role, "IQ", led=True) == (mine and not first_alone)
    assert can_invite({held, Role.COORDINATOR}, "IQ", Role.CONTACT_POINT, "BG", led=True)
    assert asks_whether_led({held}) == (held is Role.ADMINISTRATOR)


def test_nobody_invites_to_a_role_that_they_could_not_give() -> None:
    """But for the first contact point of a country, whom an administrator may bring in: a site begins with them."""
    for held, roles in INVITES_TO.items():
        given = {gift.role for gift in rights_roles.ASSIGNABLE_ROLES[held] if not gift.deputy}
        assert set(roles) - given == ({Role.CONTACT_POINT} if held is Role.ADMINISTRATOR else set())


def test_a_contact_point_of_no_country_invites_nobody() -> None:
    assert not can_invite({Role.CONTACT_POINT}, "", Role.PRACTITIONER, "", led=False)


def test_nobody_invites_an_administrator_or_to_the_own_role_below_administrators() -> None:
    assert all(Role.ADMINISTRATOR not in invitable_roles({held}) for held in Role)
    assert all(held not in invitable_roles({held}) for held in Role)


def test_the_states_of_an_invitation() -> None:
    term = InvitationTerm(NOW + LINK_LIFE)
    assert term.state(NOW) is InvitationState.OPEN
    assert term.state(NOW + LINK_LIFE) is InvitationState.EXPIRED
    letter = InvitationTerm(NOW + LINK_LIFE, NOW + LETTER_LIFE)
    assert letter.state(NOW + LINK_LIFE) is InvitationState.OPEN
    assert letter.state(NOW + LETTER_LIFE) is InvitationState.EXPIRED
    assert InvitationTerm(NOW + LINK_LIFE, accepted_at=NOW).state(NOW) is InvitationState.ACCEPTED
    assert InvitationTerm(NOW + LINK_LIFE, withdrawn_at=NOW).state(NOW) is InvitationState.WITHDRAWN
    ended = InvitationTerm(NOW, withdrawn_at=NOW)
    assert ended.state(NOW) is ended.state(NOW - HOUR) is InvitationState.ENDED
    assert not any(ended.opens(NOW - HOUR, by_code=by_code) for by_code in (True, False))


def test_the_letter_outlives_the_link_and_only_for_its_code() -> None:
    letter = InvitationTerm(NOW + LINK_LIFE, NOW + LETTER_LIFE)
    between, after = NOW + LINK_LIFE, NOW + LETTER_LIFE
    assert [letter.opens(at, by_code=False) for at in (NOW, between, after)] == [True, False, False]
    assert [letter.opens(at, by_code=True) for at in (NOW, between, after)] == [True, True, False]
    assert [letter.takes_code(at) for at in (NOW, between, after)] == [True, True, False]
    assert not InvitationTerm(NOW + LINK_LIFE).takes_code(NOW)  # no letter was printed
    assert not InvitationTerm(NOW + LINK_LIFE, NOW + LETTER_LIFE, withdrawn_at=NOW).takes_code(NOW)


def test_how_far_a_role_reaches() -> None:
    assert scope_and_reach(Role.PRACTITIONER, "IQ") == (Scope.SELF, "")
    assert scope_and_reach(Role.SUPERVISOR, "IQ") == (Scope.COUNTRY, "IQ")
    assert scope_and_reach(Role.CONTACT_POINT, "IQ") == (Scope.COUNTRY, "IQ")
    assert scope_and_reach(Role.TRAINER, "IQ") == (Scope.ALL, "")


@pytest.mark.parametrize("text", ["a@example.org", "first.last+x@mail.police.example", "o'neil@example.co"])
def test_mail_addresses(text: str) -> None:
    assert is_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a@b", "@example.org", "a@", "a b@example.org", "a@example.org\n", "a@example.org\r\nBcc: b@c.de",
        ".a@example.org", "a..b@example.org", "a.@example.org", "a@-x.org", "a,b@example.org", "<a@example.org>",
        "a@example.org, b@example.org", "é@example.org", "x" * 65 + "@example.org", "a@" + "b." * 110 + "org",
    ],
)  # fmt: skip
def test_what_is_no_mail_address(text: str) -> None:
    assert not is_mail(text)


@pytest.mark.parametrize("text", ["boss@police.example", "BP@17", "@", "BP \uff2017", "\ufe6b"])
def test_what_is_no_service_number(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("text", ["BP 17", "0012345", "٠١٢", "A-1/2"])
def test_service_numbers(text: str) -> None:
    assert is_number(text)


def test_a_masked_address_and_a_suggested_alias() -> None:
    assert masked("karim@police.example") == "k…@police.example"
    assert alias("Border officer", 17) == "Border officer 17"
    assert len(alias("x" * 300, 99_999)) <= 80
