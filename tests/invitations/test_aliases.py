"""Change of alias: by its owner, once in 30 days, neither the own name nor similar to another alias."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, strategies as st
from sqlalchemy import select, update

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory import jobs
from app.directory.service import erasure
from app.identity.domain.lookalikes import has_letters_or_digits, lookalike_keys
from app.identity.models import Identity
from app.identity.queries import people as identity_people
from app.invitations.domain.aliases import ALIAS_STAYS, ALIAS_TRIES, TRIES_WITHIN, AliasRefusal, reveals_name
from app.invitations.models import GivenUpAlias, Invitation, RefusedAlias
from app.invitations.queries import aliases as invitations_aliases, invitations as invitations_invitations
from app.invitations.service import acceptance, aliases, invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.kernel.folding import fold
from tests.support import factories, sites
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

OWN = "Watcher 7"


@pytest.fixture
@kept
def officer(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(alias=OWN, name="Layla Belmora", mail="l.b@example.org")


@pytest.fixture
def client(app: Flask, officer: UUID) -> FlaskClient:
    return factories.sign_in(app, officer)


def change(app: Flask, client: FlaskClient, alias: str) -> tuple[int, str]:
    answer = sites.post(app, client, "/settings/alias", {"alias": alias})
    return answer.status_code, answer.text


def alias_of(app: Flask, person_id: UUID) -> str:
    with app.app_context():
        return identity_people.names([person_id])[person_id]


def move(days: float) -> None:
    real = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=days) - real)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blue Heron", "blue  HERON"),
        ("Blue Heron", "Blue-Heron"),
        ("Blue Heron", "BlueHeron"),
        ("Blue Heron", "Blüe Hèron"),
        ("Blue Heron", "Вluе Неrоn"),
        ("Blue Heron", "Βlue Ηeron"),
        ("Blue Heron", "B1ue Her0n"),
        ("Investigator 17", "lnvestigator l7"),
        ("Investigator 17", "Investigator ١٧"),
        ("Modern 3", "Modem 3"),
        ("Blue Heron", "Blue\u200d Heron"),
        ("ناظر ٧", "ناظِر 7"),
        ("ВОЛНА", "волна"),
        ("ΗΡΩΣ", "ηρως"),
    ],
)
def test_similar_aliases_have_the_same_key(one: str, other: str) -> None:
    assert lookalike_keys(one) & lookalike_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Watcher 7", "Watcher 8"), ("Watcher 1", "Watcher 11"), ("Blue Heron", "Blue Hero"), ("ناظر ٧", "ناظر ٨")],
)
def test_different_aliases_have_different_keys(one: str, other: str) -> None:
    assert not lookalike_keys(one) & lookalike_keys(other)


@given(st.text(max_size=30))
def test_aliases_equal_after_folding_have_the_same_key(text: str) -> None:
    assert lookalike_keys(text) & lookalike_keys(fold(text))


@given(st.text(max_size=30))
def test_looks_do_not_depend_on_case_or_blanks(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert lookalike_keys(plain) == lookalike_keys(f" {plain.upper()} ") == lookalike_keys(plain.lower())
    assert has_letters_or_digits(text) == any(sign.isalnum() for sign in text) or not text.isascii()


@pytest.mark.parametrize(
    ("alias", "told"),
    [
        ("Layla 7", True), ("LAYLA", True), ("Watcher Belmora", True), ("Bélmora", True), ("l.b@example.org", True),
        ("L B", True), ("AB-1234", True), ("Blue Heron", False), ("Lay 7", False), ("Bel 1", False),
    ],
)  # fmt: skip
def test_alias_with_name_mail_or_number_is_detected(alias: str, told: bool) -> None:
    assert reveals_name(alias, names=("Layla Belmora", ""), addresses=("l.b@example.org", "AB 1234", "")) == told


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Li Na", "Li Na"), ("Li-Na", "Li Na"), ("李娜娜", "李 娜娜"), ("LaylaBelmora", "Layla Belmora"),
        ("Layla_7", "Layla Belmora"), ("Layla7", "Layla Belmora"), ("ليلى٧", "ليلى بلمورا"),
    ],
)  # fmt: skip
def test_alias_with_short_or_joined_name_is_detected(alias: str, name: str) -> None:
    assert reveals_name(alias, names=(name, ""), addresses=())
    assert not reveals_name(alias, names=("Blue Heron", ""), addresses=("", "-"))


@pytest.mark.parametrize(
    ("alias", "told"),
    [
        ("JohnSmith7", True), ("Johnsm1th", True), ("xSMITHx", True), ("john.smith1", True), ("j.s.smythe9", True),
        ("Watcher 77123", True), ("Watcher 771234", True), ("Johnny 7", False), ("Smit 7", False), ("7712 Owl", False),
        ("Blue Heron", False), ("Annika 1", False),
    ],
)  # fmt: skip
def test_long_name_within_a_word_is_detected(alias: str, told: bool) -> None:
    addresses = ("j.s.smythe@example.org", "77-123", "")
    assert reveals_name(alias, names=("John Smith", "Ann Lee"), addresses=addresses) == told


def test_own_name_in_another_script_is_detected() -> None:
    assert reveals_name("وبلمورا7", names=("ليلى بلمورا", ""), addresses=())
    assert not reveals_name("Border officer 1704", names=("Bord Offi", ""), addresses=("officer@example.org",))


def test_new_alias_is_shown_at_once_and_keeps_the_session(app: Flask, client: FlaskClient, officer: UUID) -> None:
    elsewhere = factories.sign_in(app, officer)
    assert change(app, client, "  Blue   Heron ")[0] == 302
    page = client.get("/settings").text
    assert "Your alias is changed. Colleagues see the new one from now on." in page
    assert page.count("Blue Heron") >= 2
    assert OWN not in page
    assert "Blue Heron" in elsewhere.get("/").text
    with app.app_context():
        chief = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        db.session.remove()
    assert "Blue Heron" in factories.sign_in(app, chief).get(f"/people/{officer}").text


def test_audit_log_contains_no_alias(app: Flask, client: FlaskClient, officer: UUID) -> None:
    change(app, client, "Blue Heron")
    with app.app_context():
        rows = db.session.execute(select(Entry.name, Entry.person_id, Entry.actor_id, Entry.facts)).all()
    assert [row[:3] for row in rows if row[0] == "AliasChanged"] == [("AliasChanged", officer, officer)]
    assert not [row for row in rows if re.search("Heron|Watcher", row[3])]


def test_it_is_changed_once_in_thirty_days(app: Flask, client: FlaskClient, officer: UUID) -> None:
    assert change(app, client, "Blue Heron")[0] == 302
    page = client.get("/settings").text
    assert 'name="alias"' not in page
    assert "31 March 2027" in page
    assert change(app, client, "Green Heron")[0] == 302
    assert "You chose your alias less than 30 days ago." in client.get("/settings").text
    move(29.9)
    change(app, client, "Green Heron")
    assert alias_of(app, officer) == "Blue Heron"
    move(30.1)
    client = factories.sign_in(app, officer)
    assert 'name="alias"' in client.get("/settings").text
    assert change(app, client, OWN)[0] == 302  # the former alias, if it is still available
    assert alias_of(app, officer) == OWN


@pytest.mark.parametrize(
    ("alias", "said"),
    [
        ("", "Enter an alias."),
        ("ab", "Enter 3 to 80 characters."),
        ("x" * 81, "Enter 3 to 80 characters."),
        ("\u200b\u200b\u200b", "Enter"),
        ("---", "Enter an alias with letters or numbers."),
        (OWN, "This is your alias already."),
        ("Layla 7", "This reveals your name"),
        ("L.B@example.org", "This reveals your name"),
        ("Grey Owl", "This alias is taken"),
        ("Grеy Оwl", "This alias is taken"),
        ("grey-0wl", "This alias is taken"),
        ("Invited 5", "This alias is taken"),
        ("lnvited-5", "This alias is taken"),
    ],
)
def test_refused_alias_shows_reason_and_changes_nothing(
    app: Flask, client: FlaskClient, officer: UUID, alias: str, said: str
) -> None:
    with app.app_context():
        factories.person(alias="Grey Owl", country="BG")
        _invite("Invited 5")
        db.session.remove()
    status, page = change(app, client, alias)
    assert (status, said in page, 'href="#alias"' in page) == (422, True, True)
    assert alias_of(app, officer) == OWN
    if alias.strip("\u200b"):
        assert f'value="{alias}"' in page


def test_the_own_alias_may_be_written_another_way(app: Flask, client: FlaskClient, officer: UUID) -> None:
    assert change(app, client, "watcher-7")[0] == 302
    assert alias_of(app, officer) == "watcher-7"


def test_alias_change_needs_sign_in(app: Flask, officer: UUID) -> None:
    assert change(app, app.test_client(), "Blue Heron")[0] in {302, 401}
    assert alias_of(app, officer) == OWN


@pytest.mark.each_database
def test_second_of_two_equal_alias_changes_is_refused(app: Flask, officer: UUID) -> None:
    with app.app_context():
        other = factories.person(alias="Grey Owl")
        said = []
        for one, alias in ((officer, "Blue Heron"), (other, "Blue Heron"), (other, "B1ue-Heron"), (officer, "Heron 2")):
            with transaction():
                said.append(aliases.change(one, alias, clock.now()))
        assert said == [None, AliasRefusal.ALIKE, AliasRefusal.ALIKE, AliasRefusal.SOON]
        assert invitations_aliases.refuse_alias(other, "blue heron", clock.now()) is AliasRefusal.ALIKE
        assert invitations_aliases.refuse_alias(officer, "Green Heron", clock.now()) is AliasRefusal.SOON
        assert invitations_aliases.refuse_alias(officer, "Green Heron", clock.now() + ALIAS_STAYS) is None


@pytest.mark.each_database
def test_former_alias_is_reserved_for_its_owner(app: Flask, client: FlaskClient, officer: UUID) -> None:
    assert change(app, client, "Blue Heron")[0] == 302
    with app.app_context():
        other = factories.person(alias="Grey Owl")
    theirs = factories.sign_in(app, other)
    for alias in (OWN, "watcher-7"):
        status, page = change(app, theirs, alias)
        assert (status, "This alias is taken" in page) == (422, True)
    with app.app_context():
        assert OWN not in aliases.suggested(["Watcher"] * 20)
        assert invitations_aliases.alias_is_taken(OWN)
    move(31)
    assert change(app, factories.sign_in(app, officer), OWN)[0] == 302  # its owner gets it back
    with app.app_context():
        assert db.session.scalars(select(GivenUpAlias.alias)).all() == ["Blue Heron"]
    move(31 + 366)
    with app.app_context():
        jobs.delete_expired_rows()
        assert db.session.scalars(select(GivenUpAlias.alias)).all() == []
    assert change(app, factories.sign_in(app, other), "Blue Heron")[0] == 302


def test_who_tries_the_aliases_of_others_has_to_wait(app: Flask, client: FlaskClient, officer: UUID) -> None:
    """Each refusal reveals that an alias exists, so their number a day is limited."""
    with app.app_context():
        factories.person(alias="Grey Owl")
    told = [change(app, client, alias) for alias in (*("grey owl", "Layla 9") * ALIAS_TRIES, "Grey 0wl", "Blue Heron")]
    alike = [page for _status, page in told if "This alias is taken" in page]
    assert (len(alike), {status for status, _page in told}) == (ALIAS_TRIES, {422})
    assert all("Try again tomorrow" in page for _status, page in told[-2:])
    assert alias_of(app, officer) == OWN
    with app.app_context():
        real = clock.real_now()
        with transaction():
            db.session.execute(update(RefusedAlias).values(at=real - TRIES_WITHIN))
        jobs.delete_expired_rows()
        assert db.session.scalars(select(RefusedAlias.id)).all() == []
    assert change(app, client, "Blue Heron")[0] == 302


def test_who_is_invited_tries_no_more_of_them(app: Flask) -> None:
    with app.app_context():
        factories.person(alias="Grey Owl")
        invited = _invite("Invited 5")
        said = []
        for alias in ("Grey Owl",) * ALIAS_TRIES + ("Blue Heron",):
            with transaction():
                said.append(acceptance.save_name(invited, name="A Person", latin_name="", alias=alias))
        assert said == [AliasRefusal.ALIKE] * ALIAS_TRIES + [AliasRefusal.TRIES]


def test_who_is_invited_tries_no_more_that_nobody_has(app: Flask) -> None:
    """Which aliases are free tells, in the end, which are not: all are counted, but not the one that is theirs."""
    with app.app_context():
        invited = _invite("Invited 5")

        def keep(alias: str) -> AliasRefusal | None:
            with transaction():
                return acceptance.save_name(invited, name="A Person", latin_name="", alias=alias)

        assert [keep(f"Heron {number}") for number in range(ALIAS_TRIES - 1)] == [None] * (ALIAS_TRIES - 1)
        assert keep("A Person") is AliasRefusal.NAME
        last = f"Heron {ALIAS_TRIES - 2}"
        assert [keep(one) for one in ("Heron 90", last, last)] == [AliasRefusal.TRIES, None, None]


def test_who_is_invited_is_not_called_like_their_service_number(app: Flask) -> None:
    with app.app_context():
        invited = _invite("Invited 5", service_number="AB 1234")
        with transaction():
            said = acceptance.save_name(invited, name="A Person", latin_name="", alias="AB-1234")
        assert said is AliasRefusal.NAME


def test_an_erased_person_leaves_no_alias_behind(app: Flask, client: FlaskClient, officer: UUID) -> None:
    assert change(app, client, "Blue Heron")[0] == 302
    with app.app_context():
        with transaction():
            aliases.record_refusal(officer, AliasRefusal.ALIKE)
        with transaction():
            erasure.erase_account(officer, clock.now())
        assert db.session.scalars(select(GivenUpAlias.alias)).all() == []
        assert db.session.scalars(select(RefusedAlias.id)).all() == []


def test_whose_name_is_kept_no_longer_may_still_choose(app: Flask, officer: UUID) -> None:
    with app.app_context():
        with transaction():
            db.session.delete(db.session.get_one(Identity, officer))
        assert invitations_aliases.refuse_alias(officer, "Layla 7", clock.now()) is None


@pytest.mark.parametrize(
    ("alias", "status"), [("Person 9", 422), ("Grey-0wl", 422), ("invited@example.org", 422), ("Blue Heron", 302)]
)
def test_who_is_invited_chooses_by_the_same_rules(app: Flask, alias: str, status: int) -> None:
    with app.app_context():
        factories.person(alias="Grey Owl")
        link = invitations_invitations.link_mail(_invite("Invited 5"), clock.real_now())
        db.session.remove()
    assert link is not None
    path = f"/invitation/{link.token}/name"
    for sent in ("Invited 5", alias):  # the suggested one is always free
        answer = sites.post(app, app.test_client(), path, {"name": "A Person", "alias": sent})
        assert answer.status_code == (302 if sent == "Invited 5" else status)


def _invite(alias: str, service_number: str | None = None) -> UUID:
    """Invite a person under an alias."""
    with transaction():
        by, agency_id = factories.person(roles=()), factories.agency("IQ")
    new = NewInvitation(
        mail="invited@example.org", name="A Person", latin_name=None, service_number=service_number, country="IQ",
        agency_id=agency_id, role=Role.PRACTITIONER, posting_roles=(), title="Officer", language="en",
    )  # fmt: skip
    with transaction():
        made = invitations.invite(new, by, clock.real_now())
        assert isinstance(made, UUID)
        db.session.get_one(Invitation, made).alias = alias
    return made
