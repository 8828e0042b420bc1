from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Enum, String, func, or_, select, update

from app.access.policy import Role, Scope
from app.audit.domain.checkpoints import public_keys
from app.audit.models import Entry
from app.audit.service import verification
from app.backup.queries.invariants import checks
from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Claim, Evidence
from app.competence.service import claims, evidence_records, rollups as capacity
from app.db.base import EncryptedText
from app.db.personal_data import PersonalDataTable
from app.db.session import db, transaction
from app.directory.service import erasure, postings
from app.identity.domain.people import PersonState
from app.identity.models import Identity, NameToken, Person
from app.identity.queries import people as identity_people
from app.invitations.models import Invitation
from app.invitations.queries import aliases, invitations as invitations_invitations
from app.invitations.service import acceptance, invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.learning.domain import Suggester
from app.learning.service import suggestions as learning
from app.learning.service.suggestions import NewSuggestion
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.messages.service import outbox as messages
from app.privacy.service import archive, erasure as privacy_erasure
from app.sign_in.domain import CodeKind
from app.sign_in.queries import sessions
from app.sign_in.service import passkeys, second_factor, sessions as accounts
from app.workshops.domain.attendance import Attendance
from app.workshops.models import Assessment, AttendanceMark, Booking
from tests.support import courses, factories, plans, workshop_events
from tests.support.indicator_figures import figures_by_country, figures_on
from tests.support.settings import KEYS, NOW

TODAY = NOW.date()
DAY = timedelta(days=1)
# tables about identity, sign-in or requests alone: no figures, counts or actions
OF_THE_PERSON = frozenset({
    "identity", "name_token", "sign_in_session", "authenticator_app", "used_step", "one_time_code", "failed_code",
    "passkey", "challenge", "known_browser", "outgoing_mail", "erasure_request", "failed_sign_in",
    "password_link", "address_change", "second_help", "course_suggestion", "audit_entry", "audit_head",
})  # fmt: skip
# rows that stay, with another content
EMPTIED = frozenset({"person", "invitation", "notice"})
# parts of actions: their texts are of other people or things, and the audit log contains ids only
DEEDS = frozenset({
    "invitations_sent", "suggestions_made", "evidence_given", "needs_named", "claims_decided", "attendance_kept",
    "assessments_made", "event_steps",
    "events_made", "figures_entered", "documents", "notes", "courses_published", "imports",
    "export_wishes", "first_run", "trail_about_you", "trail_by_you",
})  # fmt: skip
# codes, titles of courses, fingerprints, answers to questions: no free text about a person
CODES = frozenset({
    "agency_kind", "assessor_country", "body", "browser", "code", "code_hash", "competency", "content_language",
    "country", "credential_id", "former_hash", "item", "language", "last_error", "last_lesson", "lesson", "mail_index",
    "mark_hash", "message_id", "new_hash", "node", "occasion", "old_hash", "paper", "password_hash", "path",
    "posting_roles", "press", "public_key", "reach", "role", "roles", "scores", "secret_hash", "service_index",
    "source", "system", "thing", "time_zone", "token_hash", "playthrough.name", "notice.facts",
})  # fmt: skip
# empty from the moment at which an invitation is accepted
OF_AN_OPEN_INVITATION = frozenset({"token", "mail", "name", "latin_name", "service_number"})
WORD = "Zyzzyva"


def _site(seed: int) -> list[UUID]:
    """Let some officers of two countries learn, be verified and come to an event, by chance; return them."""
    chance = Random(seed)
    outline = courses.publish().outline
    plans.load()
    officers = [factories.person(country=chance.choice(("IQ", "BG")), now=NOW - 40 * DAY) for _ in range(4)]
    workshop_id = workshop_events.announced()
    for one in officers:
        if chance.random() < 0.6:
            plans.verify(one, chance.choice(("PRT-01", "PRT-02")), TODAY - chance.randint(1, 30) * DAY, NOW)
        if chance.random() < 0.6:
            workshop_events.seat(workshop_id, one)
    plans.complete(officers[0], outline, NOW - 9 * DAY)
    workshop_events.seat(workshop_id, officers[0])
    workshop_events.hold(workshop_id, officers[0], [Attendance.PRESENT, Attendance.ABSENT])
    with transaction():
        capacity.sum_up(TODAY, NOW)
    return officers


def _all() -> Mapping[str, Any]:
    """Return all rows of all tables without identities, and the plan's figures of some days."""
    db.session.rollback()
    found: dict[str, Any] = {}
    with db.engine.connect() as connection:
        for name, table in db.metadata.tables.items():
            if name in EMPTIED:
                found[name] = connection.execute(select(func.count()).select_from(table)).scalar_one()
            elif name not in OF_THE_PERSON:
                found[name] = sorted(repr(tuple(row)) for row in connection.execute(table.select()))
    for days in (-30, -1, 0, 30, 400):
        found[f"figures {days}"] = figures_on(TODAY + days * DAY)
        found[f"countries {days}"] = figures_by_country(TODAY + days * DAY)
    return found


def _faults() -> set[str]:
    """Return what the checker of invariants says: that the evidence here is of no course and no event."""
    found = set(checks.faults())
    db.session.rollback()
    return found


def _erase(person_id: UUID) -> None:
    with transaction():
        assert privacy_erasure.ask_erasure(person_id, NOW)
    with transaction():
        assert privacy_erasure.erase_account(person_id, NOW)


@pytest.mark.parametrize("seed", [1, 2])
def test_erasure_changes_no_totals(context: Flask, seed: int) -> None:
    officers = _site(seed)
    for one in officers[:2]:
        with transaction():
            postings.plan_departure(one, TODAY, today=TODAY)
    with transaction():  # the notice to the contact points is no figure, and there are none here
        privacy_erasure.ask_erasure(officers[0], NOW)
    before, faults = _all(), _faults()
    with transaction():
        privacy_erasure.erase_account(officers[0], NOW)
    with transaction():
        assert erasure.delete_identity(officers[1], why=erasure.RETENTION, today=TODAY)
    after = _all()
    assert {name for name in before if before[name] != after[name]} == set()
    assert _faults() == faults
    assert verification.verify(public_keys(KEYS.audit)).fault is None


def test_erasure_of_serving_officer_ends_posting_first(context: Flask) -> None:
    officers = _site(3)
    days = [TODAY - 30 * DAY, TODAY - DAY, TODAY]
    before, faults = [figures_on(day) for day in days], _faults()
    _erase(officers[0])
    assert [figures_on(day) for day in days] == before
    assert identity_people.get(officers[0]).state is PersonState.DEACTIVATED
    assert _faults() <= faults


def _invited() -> UUID:
    """Create a person by invitation, with all factors; return the person."""
    chief = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    with transaction():
        new = NewInvitation(
            mail="planted.mail@example.org", name="Planted Name", latin_name="Latin Planted", service_number="PL-4711",
            country="IQ", agency_id=factories.agency("IQ"), role=Role.PRACTITIONER, posting_roles=("first_responder",),
            title="Planted alias", language="en",
        )  # fmt: skip
        made = invitations.invite(new, chief, clock.real_now())
        assert isinstance(made, UUID)
        acceptance.save_password(made, factories.PASSWORD_HASH)
        person_id = acceptance.accept(made, NOW, clock.real_now())
        assert isinstance(person_id, UUID)
        second_factor.begin_app(person_id, clock.real_now())
        second_factor.make_codes(person_id, CodeKind.RECOVERY, clock.real_now())
        accounts.open_session(person_id, shared=False, real_now=clock.real_now())
        accounts.record_failed_sign_in("planted.mail@example.org", "192.0.2.1", clock.real_now())
        messages.mail(person_id, MailKind.WEEK, occasion="week", facts={"count": 1}, due_at=NOW, now=NOW)
        passkeys.begin_registration(person_id, "x", _site_of_keys(), clock.real_now())
    return person_id


def _site_of_keys() -> passkeys.RelyingParty:
    return passkeys.RelyingParty("localhost", "http://localhost", "Academy")


@pytest.mark.each_database
def test_erasure_removes_identity_and_key(context: Flask) -> None:
    person_id = _invited()
    alias = identity_people.names([person_id])[person_id]
    _erase(person_id)
    db.session.rollback()
    with db.engine.connect() as connection:
        rows = {
            name: [row for row in connection.execute(table.select()) if person_id in tuple(row)]
            for name, table in db.metadata.tables.items()
        }
    left = {name for name, found in rows.items() if found}
    assert left == {"person", "posting", "role_grant", "invitation", "audit_entry"}
    text = repr(rows)
    assert not any(word in text for word in (alias, "Planted", "planted.mail", "PL-4711", factories.PASSWORD_HASH))
    person = db.session.get_one(Person, person_id)
    assert person.alias.startswith("Former member ")
    assert (person.password_hash, person.extra_time, person.erased_at) == ("", 0, NOW)
    assert sessions.credentials_by_name("planted.mail@example.org") is None
    assert invitations_invitations.country_of_mail("x", TODAY) is None
    assert identity_people.addressees([person_id]) == {}
    assert db.session.scalars(select(OutgoingMail.id)).all() == []


def test_erased_person_cannot_be_erased_again(context: Flask) -> None:
    one, found = factories.person(), []
    for n in range(2):
        with transaction():
            erasure.erase_account(one, NOW + n * DAY)
        person = db.session.get_one(Person, one, populate_existing=True)
        found.append((person.alias, person.erased_at))
    assert found[0] == found[1]
    assert db.session.scalars(select(Entry.name).where(Entry.name == "PersonErased")).all() == ["PersonErased"]


@pytest.mark.each_database
def test_erasure_frees_address_and_alias(context: Flask) -> None:
    person_id = _invited()
    alias = identity_people.names([person_id])[person_id]
    _erase(person_id)
    assert not aliases.alias_is_taken(alias)
    assert db.session.scalar(select(Invitation.alias).where(Invitation.person_id == person_id)) == ""
    with transaction():
        factories.person(alias=alias, mail="planted.mail@example.org")


def test_retention_deletes_identity_and_keeps_alias(context: Flask) -> None:
    person_id = _invited()
    alias = identity_people.names([person_id])[person_id]
    with transaction():
        postings.plan_departure(person_id, TODAY, today=TODAY)
    with transaction():
        assert erasure.delete_identity(person_id, why=erasure.RETENTION, today=TODAY)
    with transaction():
        assert not erasure.delete_identity(person_id, why=erasure.RETENTION, today=TODAY)
    assert identity_people.names([person_id])[person_id] == alias
    for table in (Identity, NameToken, OutgoingMail):
        column = table.recipient_id if table is OutgoingMail else table.person_id
        assert db.session.scalars(select(column).where(column == person_id)).all() == []


def test_erasure_needs_an_open_request(context: Flask) -> None:
    person_id = factories.person()
    for asked in (False, True):
        if asked:
            with transaction():
                privacy_erasure.ask_erasure(person_id, NOW)
            with transaction():
                assert not privacy_erasure.ask_erasure(person_id, NOW)
            with transaction():
                privacy_erasure.take_back_erasure(person_id, NOW)
        with transaction():
            assert not privacy_erasure.erase_account(person_id, NOW)
    assert db.session.get(Identity, person_id) is not None


def test_audit_log_has_ids_only_and_verifies_after_erasure(context: Flask) -> None:
    person_id = _invited()
    _erase(person_id)
    facts = " ".join(db.session.scalars(select(Entry.facts)))
    assert str(person_id) in facts
    assert not any(word in facts for word in ("Planted", "planted", "PL-4711", "Former member"))
    assert verification.verify(public_keys(KEYS.audit)).fault is None


@pytest.mark.each_database
def test_erased_person_cannot_be_active(context: Flask) -> None:
    person_id = factories.person()
    with pytest.raises(Exception, match="erased_is_closed"), transaction():
        db.session.execute(update(Person).where(Person.id == person_id).values(erased_at=NOW))


def _written_about(person_id: UUID) -> None:
    """Add claims, corrections, voided evidence and a suggestion of a person, each with a free text."""
    outline, other = courses.publish().outline, factories.person()
    plans.load()
    workshop_id = workshop_events.announced()
    workshop_events.seat(workshop_id, person_id)
    workshop_events.hold(workshop_id, person_id, [Attendance.PRESENT])
    [number, *_rest] = plans.verify(person_id, "PRT-01", TODAY - DAY, NOW)
    suggestion = NewSuggestion(
        person_id=person_id, country="IQ", suggested_by=other, suggested_as=Suggester.CONTACT_POINT, reason=WORD
    )
    with transaction():
        evidence_records.void(number, by=other, reason=WORD, now=NOW)
        claim_id = claims.claim_skill(person_id, "PRT-02", Level.FOUNDATION, NOW)
        claims.decide_claim(claim_id, by=other, endorse=False, reason=WORD, now=NOW)
        booking_id = db.session.scalars(select(Booking.id).where(Booking.person_id == person_id)).one()
        db.session.add(
            Assessment(
                workshop_id=workshop_id, booking_id=booking_id, competency="PRT-01", level=Level.FOUNDATION,
                assessor_id=other, number=2, scores="{}", share=0.5, made_at=NOW, reason=WORD,
            )
        )  # fmt: skip
        learning.suggest(suggestion, outline, NOW)
        messages.mail(person_id, MailKind.WEEK, occasion="week 2", facts={"count": WORD}, due_at=NOW, now=NOW)


def _plant(part: PersonalDataTable, person_id: UUID) -> set[str]:
    """Write a word into each free text about a person; return these columns."""
    table = part.model.__table__
    mine = or_(*(column == person_id for column in part.by))
    keys = select(*table.primary_key.columns).select_from(table)
    keys = (keys.join(*part.through) if part.through else keys).where(mine)
    found = set()
    for column in table.columns:
        wordy = isinstance(column.type, String | EncryptedText) and not isinstance(column.type, Enum)
        place = f"{table.name}.{column.name}"
        open_alone = table.name == "invitation" and column.name in OF_AN_OPEN_INVITATION
        if not wordy or not CODES.isdisjoint({column.name, place}) or open_alone:
            continue
        rows = db.session.execute(keys).all()
        for row in rows:
            this = (one == value for one, value in zip(table.primary_key.columns, row, strict=True))
            db.session.execute(update(table).where(*this).values({column.name: WORD}))
        found |= {place} if rows else set()
    return found


def _everything() -> str:
    db.session.rollback()
    with db.engine.connect() as connection:
        return repr([connection.execute(table.select()).all() for table in db.metadata.tables.values()])


@pytest.mark.each_database
@pytest.mark.parametrize("erased", [True, False])
def test_erasure_removes_texts_about_the_person(context: Flask, erased: bool) -> None:
    person_id = _invited()
    _written_about(person_id)
    mine = [part for part in archive.PARTS if part.name not in DEEDS]
    with transaction():
        planted = {place for part in mine for place in _plant(part, person_id)}
    assert planted >= {
        "person.alias", "identity.name", "invitation.alias", "course_suggestion.reason", "evidence.reason",
        "skill_claim.reason", "attendance_mark.reason", "assessment.reason", "outgoing_mail.facts",
    }  # fmt: skip
    if erased:
        _erase(person_id)
    else:  # who left keeps the alias
        with transaction():
            renamed = {"alias": "Former alias", "alias_key": "Former alias"}
            db.session.execute(update(Person).where(Person.id == person_id).values(renamed))
            postings.plan_departure(person_id, TODAY, today=TODAY)
        with transaction():
            assert erasure.delete_identity(person_id, why=erasure.RETENTION, today=TODAY)
    assert WORD not in _everything()


def test_erasure_keeps_texts_to_others_and_results(context: Flask) -> None:
    officers = _site(1)
    for one in officers[:2]:
        with transaction():
            claim_id = claims.claim_skill(one, "PRT-02", Level.SPECIALIST, NOW)
            claims.decide_claim(claim_id, by=officers[2], endorse=False, reason=WORD, now=NOW)
    mark = db.session.scalars(select(AttendanceMark)).first()
    assert mark is not None
    with transaction():
        db.session.execute(update(AttendanceMark).values(reason=WORD))
    _erase(officers[0])
    assert db.session.scalars(select(Claim.reason).where(Claim.person_id == officers[1])).all() == [WORD]
    assert set(db.session.scalars(select(AttendanceMark.reason))) == {""}


@pytest.mark.each_database
def test_voided_evidence_remains_voided_after_erasure(context: Flask) -> None:
    person_id = factories.person()
    plans.load()
    [number, *_rest] = plans.verify(person_id, "PRT-01", TODAY - DAY, NOW)
    with transaction():
        evidence_records.void(number, by=None, reason=WORD, now=NOW)
    _erase(person_id)
    void = db.session.scalars(select(Evidence).where(Evidence.kind == EvidenceKind.VOID)).one()
    assert (void.voids, void.reason) == (number, "removed")
    assert set(db.session.scalars(select(Evidence.reason).where(Evidence.id != void.id))) == {""}
