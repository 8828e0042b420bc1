from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db import blind_index
from app.db.session import db, transaction
from app.directory import jobs
from app.directory.queries import people
from app.directory.queries.people import PeopleFilter
from app.identity import service as identity_service
from app.identity.domain.people import PersonState
from app.identity.models import Identity
from app.identity.queries import people as identity_people, postings, roles
from app.identity.service import NewIdentity, NewPerson
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.domain.invitations import KEPT, LETTER_LIFE, LINK_LIFE, InvitationState
from app.invitations.models import FailedInvitationCode, Invitation
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import acceptance, aliases, bulk, invitations, letter_codes
from app.invitations.service.acceptance import AcceptanceRefusal
from app.invitations.service.invitations import InvitationRefusal, NewInvitation
from app.kernel import clock
from app.messages.domain import MailKind
from app.messages.models import Notice, OutgoingMail
from app.sign_in.queries import sessions
from app.sign_in.service.sessions import RateLimited, WrongCredentials
from tests.support import factories
from tests.support.concurrency import both_at_once
from tests.support.invitations import ADDRESS, MAIL, contact_point, invited, new, row


@pytest.fixture
def now() -> datetime:
    return clock.real_now()


def test_an_invitation_becomes_a_person(context: Flask, now: datetime) -> None:
    made = invited(contact_point(), now, service_number="BP 17")
    with transaction():
        assert acceptance.save_name(made, name="Karim H.", latin_name="", alias="Watcher 5") is None
        acceptance.save_password(made, factories.PASSWORD_HASH)
    with transaction():
        person_id = acceptance.accept(made, clock.now(), now)
    assert isinstance(person_id, UUID)
    assert identity_people.own_name(person_id) == "Karim H."
    assert identity_people.get(person_id).alias == "Watcher 5"
    assert identity_people.get(person_id).language == "ar"
    assert roles.roles_of(person_id, clock.today()) == {Role.PRACTITIONER}
    assert [one.roles for one in postings.postings([person_id])[person_id]] == [("first_responder",)]
    assert sessions.credentials_by_name(MAIL) is not None
    assert sessions.credentials_by_name("bp 17") is not None
    # nothing of the identity is kept twice, and it serves once
    over = row(made)
    assert (over.mail, over.name, over.token, over.password_hash, over.latin_name) == ("", "", "", None, None)
    assert (over.mail_index, over.service_number, over.code_hash) == ("", None, None)
    with transaction():
        assert acceptance.accept(made, clock.now(), now) is AcceptanceRefusal.OVER
        assert not invitations.renew(made, now)
        assert invitations.print_letter(made, now) is None
        assert not invitations.withdraw(made, now)


@pytest.mark.parametrize(
    ("role", "scope", "reach"),
    [
        (Role.SUPERVISOR, Scope.COUNTRY, "IQ"),
        (Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),
        (Role.TRAINER, Scope.ALL, ""),
    ],
)
def test_a_role_comes_with_its_reach_and_no_other(
    context: Flask, now: datetime, role: Role, scope: Scope, reach: str
) -> None:
    by = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    made = invited(by, now, role=role)
    with transaction():
        acceptance.save_password(made, factories.PASSWORD_HASH)
        person_id = acceptance.accept(made, clock.now(), now)
    assert isinstance(person_id, UUID)
    assert roles.roles_of(person_id, clock.today()) == {role}
    assert (role, person_id) in roles.holders(scope, reach, clock.today())


def test_nobody_becomes_a_person_without_a_password(context: Flask, now: datetime) -> None:
    made = invited(contact_point(), now)
    with transaction():
        assert acceptance.accept(made, clock.now(), now) is AcceptanceRefusal.UNFILLED


def test_the_link_is_mailed_in_an_outbox_that_knows_no_address(context: Flask, now: datetime) -> None:
    made = invited(contact_point(), now)
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert (mail.kind, mail.invitation_id, mail.recipient_id) == (MailKind.INVITATION, made, None)
    assert mail.facts == "{}"
    to = invitations_invitations.link_mail(made, now)
    assert to is not None
    assert (to.mail, to.language) == (MAIL, "ar")
    guest = invitations_invitations.guest(to.token)
    assert guest is not None
    assert guest.id == made


def test_a_copied_database_shows_neither_name_nor_mail_nor_link(context: Flask, now: datetime) -> None:
    made = invited(contact_point(), now, service_number="BP 17")
    with transaction():
        code = invitations.print_letter(made, now)
    token = row(made).token
    raw = " ".join(str(value) for value in db.session.execute(text("SELECT * FROM invitation")).one())
    for secret in (MAIL, "Karim", "كريم", "BP 17", token, code):
        assert str(secret) not in raw
    assert made.hex in raw.replace("-", "")  # the row was read


def test_renewing_sends_a_new_link_and_closes_the_old_one(context: Flask, now: datetime) -> None:
    made = invited(contact_point(), now)
    old = row(made).token
    later = now + LINK_LIFE
    assert invitations_invitations.link_mail(made, later) is None
    with transaction():
        assert invitations.renew(made, later)
    assert invitations_invitations.guest(old) is None
    to = invitations_invitations.link_mail(made, later)
    assert to is not None
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 2


def test_the_invited_person_asks_for_a_new_link_once_the_old_one_has_expired(context: Flask, now: datetime) -> None:
    made = invited(contact_point(), now)
    old = row(made).token
    with transaction():
        invitations.renew_by_token(old, now)  # it is still good
        invitations.renew_by_token("unknown", now)
    assert row(made).mails == 1
    with transaction():
        invitations.renew_by_token(old, now + LINK_LIFE)
        invitations.renew_by_token(old, now + LINK_LIFE)  # the old link is none any more
    assert row(made).mails == 2


def test_withdrawing_ends_it_and_frees_the_address(context: Flask, now: datetime) -> None:
    by = contact_point()
    made = invited(by, now)
    token = row(made).token
    with transaction():
        assert invitations.withdraw(made, now)
        invitations.renew_by_token(token, now + LINK_LIFE)
    assert invitations_invitations.guest(token) is not None  # the row is known, and opens nothing
    assert not invitations_invitations.guest(token).term.opens(now, by_code=True)  # type: ignore[union-attr]
    assert (row(made).mails, row(made).mail) == (1, "")
    assert invited(by, now) != made


def test_a_code_opens_with_its_mail_alone_and_until_the_letter_ends(context: Flask, now: datetime) -> None:
    by = contact_point()
    made, other = invited(by, now), invited(by, now, mail="other@police.example")
    with transaction():
        code, others = invitations.print_letter(made, now), invitations.print_letter(other, now)
    assert code is not None
    assert others is not None
    assert len(code) == 8

    def take(mail: str, typed: str, at: datetime, address: str) -> object:
        with transaction():
            return letter_codes.redeem_code(mail, typed, address=address, real_now=at)

    assert take(" KARIM@police.example ", f"{code[:4]} {code[4:]}", now, "a") == row(made).token
    arabic = code.translate({ord("0") + n: chr(0x660 + n) for n in range(10)})
    assert take(MAIL, arabic, now + LINK_LIFE, "a") == row(made).token
    assert take(MAIL, others, now, "b") == WrongCredentials()
    assert take("unknown@police.example", code, now, "c") == WrongCredentials()
    assert take(MAIL, code, now + LETTER_LIFE, "d") == WrongCredentials()
    with transaction():
        invitations.print_letter(made, now)
    assert take(MAIL, code, now, "e") == WrongCredentials()  # the letter before


@pytest.mark.parametrize("same", ["mail", "address"])
def test_wrong_codes_are_limited_by_mail_and_by_address(context: Flask, now: datetime, same: str) -> None:
    made = invited(contact_point(), now)
    with transaction():
        code = invitations.print_letter(made, now) or ""

    def take(typed: str, at: datetime, n: int) -> object:
        mail = MAIL if same == "mail" else f"x{n}@police.example"
        with transaction():
            return letter_codes.redeem_code(mail, typed, address=ADDRESS if same == "address" else f"a{n}", real_now=at)

    wrong = "0" * 8 if code != "0" * 8 else "1" * 8
    assert [take(wrong, now, n) for n in range(5)] == [WrongCredentials()] * 5
    late = take(code, now, 9)
    assert isinstance(late, RateLimited)
    assert 0 < late.seconds <= 301
    at, tries = now, 5
    while tries < 50:
        at += timedelta(minutes=5)
        tries += sum(take(wrong, at, n) == WrongCredentials() for n in range(5))
        assert at < now + timedelta(days=1)
    assert isinstance(take(code, at + timedelta(hours=2), 9), RateLimited)  # 50 a day
    with transaction():
        assert letter_codes.delete_expired(at + timedelta(days=1)) == 50
    assert db.session.scalar(select(func.count()).select_from(FailedInvitationCode)) == 0


def test_guesses_of_four_at_once_share_one_limit(app: Flask, now: datetime) -> None:
    with app.app_context():
        made = invited(contact_point(), now)
        with transaction():
            invitations.print_letter(made, now)
        db.session.remove()
    answers: list[object] = []
    together = Barrier(4)

    def guess() -> None:
        with app.app_context():
            together.wait()
            for n in range(4):
                with transaction():
                    taken = letter_codes.redeem_code(MAIL, f"{n}" * 8, address=f"a{n}", real_now=clock.real_now())
                answers.append(taken)
            db.session.remove()

    threads = [Thread(target=guess) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(answer == WrongCredentials() for answer in answers) == 5
    assert len(answers) == 16


def test_the_same_address_twice(context: Flask, now: datetime) -> None:
    here, other, there = contact_point("IQ"), contact_point("IQ"), contact_point("BG")
    invited(here, now)
    with transaction():
        for of_the_country in (here, other):  # sent by either of them
            assert invitations.invite(new("IQ"), of_the_country, now) is InvitationRefusal.INVITED
        assert db.session.scalars(select(Notice)).all() == []
    with transaction():
        assert invitations.invite(new("BG", mail=" KARIM@Police.example"), there, now) is InvitationRefusal.ELSEWHERE
    told = [(one.person_id, one.kind, one.facts) for one in db.session.scalars(select(Notice))]
    assert {who for who, _kind, _facts in told} == {here, there, other}
    assert {(str(kind), facts) for _who, kind, facts in told} == {("invitation_refused", "{}")}


def test_an_address_of_somebody_with_an_account(context: Flask, now: datetime) -> None:
    here, there = contact_point("IQ"), contact_point("BG")
    factories.person(country="IQ", mail=MAIL)
    with transaction():
        assert invitations.invite(new("IQ"), here, now) is InvitationRefusal.HAS_ACCOUNT
        assert db.session.scalars(select(Notice)).all() == []
        assert invitations.invite(new("BG"), there, now) is InvitationRefusal.ELSEWHERE
    assert {one.person_id for one in db.session.scalars(select(Notice))} == {here, there}
    assert db.session.scalars(select(Invitation)).all() == []


def test_a_service_number_serves_one(context: Flask, now: datetime) -> None:
    by = contact_point()
    invited(by, now, service_number="BP 17")
    with transaction():
        again = new(mail="b@police.example", service_number=" bp 17 ")
        assert invitations.invite(again, by, now) is InvitationRefusal.NUMBER


@pytest.mark.parametrize("way", ["one", "many", "change", "person"])
def test_no_mail_address_is_written_as_a_service_number(context: Flask, now: datetime, way: str) -> None:
    """A search for the sign-in name of another person would find it."""
    by, number = contact_point(), "boss@police.example"
    officer = factories.person(country="IQ")

    def write() -> None:
        match way:
            case "one":
                invitations.invite(new(service_number=number), by, now)
            case "many":
                bulk.invite_all([new(service_number=number)], by, now)
            case "change":
                changed = NewIdentity(officer, "IQ", "Test", "", number, ("service_number",))
                identity_service.change_identities([changed])
            case "person":
                identity_service.add_person(
                    NewPerson(
                        alias="Guard 5", name="Test", mail="a@police.example", password_hash="", country="IQ",
                        agency_id=factories.agency("IQ"), roles=(), language="en", time_zone="UTC",
                        service_number=number,
                    ),
                    clock.now(),
                )  # fmt: skip

    with pytest.raises(ValueError, match="service number"), transaction():
        write()
    assert db.session.scalars(select(Identity.service_index).where(Identity.service_index.is_not(None))).all() == []
    assert db.session.scalars(select(Invitation)).all() == []


def test_two_who_invite_the_same_address_at_once(app: Flask, now: datetime) -> None:
    with app.app_context():
        by = contact_point()
        with transaction():
            asked = [new(), new()]
        db.session.remove()
    answers: list[object] = []
    together = Barrier(2)

    def ask(one: NewInvitation) -> None:
        with app.app_context():
            together.wait()
            with transaction():
                made = invitations.invite(one, by, now)
            answers.append(made)
            db.session.remove()

    threads = [Thread(target=ask, args=(one,)) for one in asked]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(isinstance(answer, UUID) for answer in answers) == [False, True]


def test_of_two_who_invite_under_one_number_at_once_one_does(app: Flask, now: datetime) -> None:
    with app.app_context():
        by, other = contact_point(), contact_point()
        with transaction():
            asked = [new(mail=f"{n}@police.example", service_number="BP 17") for n in range(2)]
        db.session.remove()
    first, second = both_at_once(
        app, lambda: invitations.invite(asked[0], by, now), lambda: invitations.invite(asked[1], other, now)
    )
    assert isinstance(first, UUID)
    assert second is InvitationRefusal.NUMBER


@pytest.mark.parametrize(
    ("which", "why"),
    [("mail", AcceptanceRefusal.ADDRESS), ("service", AcceptanceRefusal.NUMBER), ("alias", AcceptanceRefusal.ALIAS)],
)
def test_who_finds_something_of_theirs_taken_hears_what(
    context: Flask, now: datetime, which: str, why: AcceptanceRefusal
) -> None:
    by = contact_point()
    first, second = (invited(by, now, mail=f"{n}@police.example", service_number=f"BP {n}") for n in range(2))
    with transaction():
        for one in (first, second):
            acceptance.save_password(one, factories.PASSWORD_HASH)
        assert isinstance(acceptance.accept(first, clock.now(), now), UUID)
    with transaction():  # as it is where both were on their way at once
        there = db.session.scalars(select(Identity).where(Identity.person_id == row(first).person_id)).one()
        if which == "mail":
            row(second).mail_index = there.mail_index
        elif which == "service":
            row(second).service_index = there.service_index
        else:
            row(second).alias = identity_people.get(there.person_id).alias
    with transaction():
        assert acceptance.accept(second, clock.now(), now) is why


def test_of_two_who_accept_under_one_number_at_once_one_does(app: Flask, now: datetime) -> None:
    with app.app_context():
        by = contact_point()
        both = [invited(by, now, mail=f"{n}@police.example", service_number=f"BP {n}") for n in range(2)]
        with transaction():
            for one in both:
                acceptance.save_password(one, factories.PASSWORD_HASH)
                row(one).service_index = blind_index.index("service", "BP 0")
                row(one).service_number = "BP 0"
        db.session.remove()
    accepting = [lambda one=one: acceptance.accept(one, clock.now(), now) for one in both]
    first, second = both_at_once(app, *accepting)
    assert isinstance(first, UUID)
    assert second is AcceptanceRefusal.NUMBER


def test_of_two_who_renew_what_has_expired_at_once_one_does(app: Flask, now: datetime) -> None:
    """The link that is on its way opens something: it is not renewed again a moment later."""
    with app.app_context():
        by = contact_point()
        made = [invited(by, now, mail=f"{n}@police.example") for n in range(3)]
        with transaction():
            for number, one in enumerate(made):
                row(one).ends_at = now - timedelta(hours=number + 1)
        db.session.remove()
    actor = Actor(by, "IQ", frozenset({Role.CONTACT_POINT}))

    def renew() -> int:
        return invitations.renew_expired(actor, now)

    assert both_at_once(app, renew, renew) == [3, 0]
    with app.app_context():
        assert [row(one).mails for one in made] == [2, 2, 2]


def test_who_asks_twice_at_once_gets_one_new_link(app: Flask, now: datetime) -> None:
    with app.app_context():
        made = invited(contact_point(), now)
        old = row(made).token
        db.session.remove()

    def ask() -> None:
        invitations.renew_by_token(old, now + LINK_LIFE)

    both_at_once(app, ask, ask)
    with app.app_context():
        assert row(made).mails == 2


def test_rows_are_held_in_the_order_of_their_ids(
    context: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = contact_point()
    made = [invited(by, now - timedelta(hours=n), mail=f"{n}@police.example") for n in range(8)]
    held: list[UUID] = []
    still = invitations.lock_open
    monkeypatch.setattr(invitations, "lock_open", lambda one: held.append(one) or still(one))
    with transaction():
        for one in made:
            row(one).ends_at = now
    with transaction():
        assert invitations.renew_expired(Actor(by, "IQ", frozenset({Role.CONTACT_POINT})), now) == 8
    assert held == sorted(made)


def test_a_suggested_alias_counts_nobody(context: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number in a row would say how many of a role there are, also in other countries."""
    by = contact_point()
    for n in range(2):
        factories.person(alias=f"Border officer {n + 1}", country="BG")
    said = [row(invited(by, now, mail=f"{n}@police.example")).alias for n in range(4)]
    numbers = [int(alias.rsplit(" ", 1)[1]) for alias in said]
    assert all(aliases.FIRST_NUMBER <= number < aliases.FIRST_NUMBER + aliases.NUMBERS for number in numbers)
    assert numbers != list(range(numbers[0], numbers[0] + 4))
    monkeypatch.setattr(aliases.secrets, "randbelow", lambda most: most - 1)  # the highest alone: it must grow
    assert aliases.suggested(["Border officer"] * 2) == ["Border officer 9999", "Border officer 99099"]


def test_suggested_aliases_serve_one(context: Flask, now: datetime) -> None:
    by = contact_point()
    factories.person(alias="Border officer 2")
    made = [invited(by, now, mail=f"{n}@police.example") for n in range(3)]
    names = [row(one).alias for one in made]
    assert len({*names, "Border officer 2"}) == 4
    assert all(alias.startswith("Border officer ") for alias in names)
    with transaction():
        assert acceptance.save_name(made[0], name="A", latin_name="", alias="Border officer 2") is AliasRefusal.ALIKE
        assert acceptance.save_name(made[0], name="A", latin_name="", alias=names[1]) is AliasRefusal.ALIKE
        assert acceptance.save_name(made[0], name="A", latin_name="", alias=names[0]) is None


def test_a_mail_that_comes_back_is_shown_until_the_next_one(context: Flask, now: datetime) -> None:
    by = contact_point()
    made = invited(by, now)
    with transaction():
        invitations.record_bounce(made, now)
    (line,) = invitations_invitations.open_invitations(Actor(by, "IQ", frozenset({Role.CONTACT_POINT})))
    assert line.bounced_at == now
    with transaction():
        invitations.renew(made, now)
    assert row(made).bounced_at is None


def test_who_sees_an_invitation(context: Flask, now: datetime) -> None:
    here, there, office = contact_point("IQ"), contact_point("BG"), factories.person(roles=())
    invited(here, now)
    theirs = invited(office, now, mail="cp@police.example", role=Role.CONTACT_POINT)

    def seen(who: UUID, country: str, role: Role) -> list[str]:
        return sorted(
            line.mail for line in invitations_invitations.open_invitations(Actor(who, country, frozenset({role})))
        )

    deputy = contact_point("IQ")
    assert seen(here, "IQ", Role.CONTACT_POINT) == [MAIL]
    assert seen(deputy, "IQ", Role.CONTACT_POINT) == [MAIL]  # on leave: the other one goes on
    assert seen(there, "BG", Role.CONTACT_POINT) == []
    assert seen(office, "", Role.COORDINATOR) == ["cp@police.example"]
    assert seen(there, "BG", Role.ADMINISTRATOR) == []
    assert (
        invitations_invitations.invitation(Actor(office, "", frozenset({Role.COORDINATOR})), theirs).state(now)
        is InvitationState.OPEN
    )


@pytest.mark.parametrize(
    ("country", "role"),
    [("IQ", Role.COORDINATOR), ("IQ", Role.ADMINISTRATOR), ("IQ", Role.SUPERVISOR), ("BG", Role.CONTACT_POINT)],
)
def test_who_is_contact_point_no_more_reads_no_names_of_what_they_sent(
    context: Flask, now: datetime, country: str, role: Role
) -> None:
    was = contact_point()
    made = invited(was, now)
    before, after = Actor(was, "IQ", frozenset({Role.CONTACT_POINT})), Actor(was, country, frozenset({role}))
    assert invitations_invitations.invitation(before, made).mail == MAIL
    with pytest.raises(NoResultFound):
        invitations_invitations.invitation(after, made)
    assert invitations_invitations.open_invitations(after) == []
    assert invitations_invitations.count_waiting(after) == 0
    # another contact point of the country goes on with it
    assert (
        invitations_invitations.invitation(Actor(contact_point(), "IQ", frozenset({Role.CONTACT_POINT})), made).mail
        == MAIL
    )


def test_an_administrator_brings_in_the_first_contact_point_of_a_country_alone(context: Flask, now: datetime) -> None:
    by = factories.person(country="BG", roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    roles = frozenset({Role.ADMINISTRATOR})
    assert invitations_invitations.may_invite(roles, "BG", Role.CONTACT_POINT, "IQ")
    first, second = (invited(by, now, mail=f"{n}@police.example", role=Role.CONTACT_POINT) for n in range(2))
    with transaction():
        for one in (first, second):
            acceptance.save_password(one, factories.PASSWORD_HASH)
    with transaction():
        person_id = acceptance.accept(first, clock.now(), now)
    assert isinstance(person_id, UUID)
    assert not invitations_invitations.may_invite(roles, "BG", Role.CONTACT_POINT, "IQ")
    with transaction():  # sent while there was none, and too late now
        assert acceptance.accept(second, clock.now(), now) is AcceptanceRefusal.OVER
    assert row(second).withdrawn_at == now
    with transaction():
        identity_service.deactivate(person_id, clock.today())
    # whose names a contact point has brought in, the next one comes from coordinators
    assert not invitations_invitations.may_invite(roles, "BG", Role.CONTACT_POINT, "IQ")
    assert invitations_invitations.may_invite(frozenset({Role.COORDINATOR}), "BG", Role.CONTACT_POINT, "IQ")


def _emptied(made: UUID) -> bool:
    one = row(made)
    kept = (one.mail, one.mail_index, one.name, one.token, one.latin_name, one.service_number, one.service_index)
    return not any(kept) and (one.code_hash, one.letter_ends_at, one.password_hash) == (None, None, None)


def test_who_never_accepted_is_forgotten_a_month_after_both_ways_in_are_over(context: Flask, now: datetime) -> None:
    by, minute = contact_point(), timedelta(minutes=1)
    made = invited(by, now, service_number="BP 17")
    lettered = invited(by, now, mail="letter@police.example")
    with transaction():
        assert acceptance.save_name(made, name="Karim H.", latin_name="", alias="Watcher 5") is None
        acceptance.save_password(made, factories.PASSWORD_HASH)
        assert invitations.print_letter(lettered, now)
    taken = invited(by, now, mail="taken@police.example")
    with transaction():
        invitations.withdraw(taken, now)
    link, letter = now + LINK_LIFE + KEPT, now + LETTER_LIFE + KEPT
    for at, count, emptied in (
        (link - minute, 0, [False, False]),
        (link, 1, [True, False]),
        (letter - minute, 0, [True, False]),
        (letter, 1, [True, True]),
    ):
        with transaction():
            assert bulk.end_unaccepted(at) == count
        assert [_emptied(one) for one in (made, lettered)] == emptied
    actor = Actor(by, "IQ", frozenset({Role.CONTACT_POINT}))
    states = [invitations_invitations.invitation(actor, one).state(letter) for one in (made, lettered, taken)]
    assert states == [InvitationState.ENDED, InvitationState.ENDED, InvitationState.WITHDRAWN]
    assert invitations_invitations.open_invitations(actor) == []
    with transaction():
        assert not invitations.renew(made, letter)
        assert invitations.print_letter(made, letter) is None
        assert not invitations.withdraw(made, letter)
        assert acceptance.accept(made, clock.now(), letter) is AcceptanceRefusal.OVER
    told = db.session.scalars(select(Entry.thing_id).where(Entry.name == "InvitationEnded")).all()
    assert sorted(told) == sorted([made, lettered])
    invited(by, now, service_number="BP 17")  # address and number are free again


def test_the_job_forgets_them_portion_by_portion(
    context: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = contact_point()
    made = [invited(by, now - LINK_LIFE - KEPT, mail=f"{n}@police.example") for n in range(5)]
    monkeypatch.setattr(identity_service, "PORTION", 2)
    done, after = [], bulk.end_unaccepted

    def cut(real_now: datetime) -> int:
        if len(done) == 1:
            raise ConnectionResetError
        done.append(after(real_now))
        return done[-1]

    with monkeypatch.context() as patch, pytest.raises(ConnectionResetError):
        patch.setattr(bulk, "end_unaccepted", cut)
        jobs.delete_expired_rows()
    assert sum(_emptied(one) for one in made) == 2
    assert jobs.delete_expired_rows() == 3
    assert all(_emptied(one) for one in made)
    assert jobs.delete_expired_rows() == 0


def test_names_of_others_do_not_come_into_being_by_inviting(context: Flask, now: datetime) -> None:
    before = db.session.scalar(select(func.count()).select_from(Identity))
    by = contact_point()
    invited(by, now)
    assert db.session.scalar(select(func.count()).select_from(Identity)) == (before or 0) + 1  # the contact point's own


def test_a_large_country_is_listed_as_a_small_one_is(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        for n in range(60):
            factories.person(alias=f"Guard {n:02}", country="IQ" if n % 3 else "BG")
    sought = [
        PeopleFilter(),
        PeopleFilter(after="Guard 30"),
        PeopleFilter(role="first_responder"),
        PeopleFilter(state=PersonState.DEACTIVATED),
    ]
    small = [people.of_country("BG", clock.today(), one) for one in sought]
    monkeypatch.setattr(people, "LARGE", 1)
    assert [people.of_country("BG", clock.today(), one) for one in sought] == small
    assert [len(one) for one in small] == [20, 9, 20, 0]


def test_an_invitation_to_staff_ends_with_the_rights_of_who_sent_it(context: Flask, now: datetime) -> None:
    """A sender who lost the role would otherwise still have access through the invitation."""
    office = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    one = invited(office, now, mail="cp@police.example", role=Role.CONTACT_POINT)
    other = invited(office, now, mail="trainer@police.example", role=Role.TRAINER)
    with transaction():
        acceptance.save_password(one, factories.PASSWORD_HASH)
        identity_service.deactivate(office, now.date() - timedelta(days=1))
        old = row(other).token
        row(other).ends_at = now - timedelta(seconds=1)
    with transaction():
        assert acceptance.accept(one, now, now) is AcceptanceRefusal.OVER
        invitations.renew_by_token(old, now)
        assert invitations_invitations.guest(old) is not None
    assert {row(one).withdrawn_at, row(other).withdrawn_at} == {now}
    assert (row(other).token, row(other).mails) == ("", 1)


def test_an_officer_invited_by_who_left_comes_in_all_the_same(context: Flask, now: datetime) -> None:
    by = contact_point()
    made = invited(by, now)
    with transaction():
        acceptance.save_password(made, factories.PASSWORD_HASH)
        identity_service.deactivate(by, now.date() - timedelta(days=1))
    with transaction():
        made_of_it = acceptance.accept(made, now, now)
    assert isinstance(made_of_it, UUID)  # the next contact point sees it, and may take it back
