"""People, countries, agencies, roles, sessions."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.access.policy import Role, Scope
from app.accounts.alias_order import LONGEST, alias_key
from app.accounts.domain import (
    AgencyKind,
    Appearance,
    Ceremony,
    CodeKind,
    IncidentReason,
    MailRhythm,
    PersonState,
    Stage,
)
from app.accounts.rights_rules import Answer
from app.db.base import Base, EncryptedText, Keyed, Numbered

# an invitation that is neither accepted nor withdrawn, expired or not
_OPEN = text("accepted_at IS NULL AND withdrawn_at IS NULL")
# a change of address that has not come about
_WANTED = text("done_at IS NULL")
_UNANSWERED = text("answered_at IS NULL")
_STILL = text("until IS NULL")


class Country(Base):
    """A member country by its ISO 3166 code; its name comes from Babel, in the reader's language."""

    __tablename__ = "country"
    __table_args__ = (
        CheckConstraint("length(code) = 2", "code_has_two_letters"),
        CheckConstraint("identity_months BETWEEN 0 AND 1200", "identity_is_kept_for_a_time"),
    )

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    # whether practitioners need a second factor; staff need one everywhere
    second_factor: Mapped[bool] = mapped_column(default=True)
    # whether a printed list of one-time codes is one: for networks without phones
    printed_codes: Mapped[bool] = mapped_column(default=False)
    # where officers find help after a hard text, and when somebody last looked whether it still holds
    help_text: Mapped[str] = mapped_column(String(500), default="")
    help_reviewed_on: Mapped[date | None]  # NULL: never
    # how long who somebody was is kept after they left
    identity_months: Mapped[int] = mapped_column(SmallInteger, default=24)


class Agency(Keyed):
    """A service of a country."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("country", "name"),)

    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    kind: Mapped[AgencyKind]
    name: Mapped[str] = mapped_column(String(200))


class Person(Keyed):
    """Somebody with an account, as everybody but the own contact point knows them: by alias."""

    __tablename__ = "person"

    alias: Mapped[str] = mapped_column(String(80), unique=True)
    # by which lists are sorted; a row that is written without the model gets it from its alias, too
    alias_key: Mapped[str] = mapped_column(
        String(LONGEST), index=True, server_default="",
        default=lambda context: alias_key(context.get_current_parameters()["alias"]),
    )  # fmt: skip
    alias_chosen_at: Mapped[datetime | None]  # NULL: it is the one of the invitation
    state: Mapped[PersonState]
    password_hash: Mapped[str] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(12))
    # NULL: the same as the interface's
    content_language: Mapped[str | None] = mapped_column(String(12))
    appearance: Mapped[Appearance]
    more_contrast: Mapped[bool] = mapped_column(default=False)
    data_saver: Mapped[bool] = mapped_column(default=False)
    mail_rhythm: Mapped[MailRhythm]
    time_zone: Mapped[str] = mapped_column(String(64))
    # an incident took the factors away: somebody has to let the person back in before new ones are set up
    factors_void: Mapped[bool] = mapped_column(default=False)
    # extra time on every clock, in percent of the limit
    extra_time: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    # under threat: role and country are never shown, and small figures leave the person out
    protected: Mapped[bool] = mapped_column(default=False)
    # whether peers of other countries see the country: the person's own choice
    shows_country: Mapped[bool] = mapped_column(default=False)
    leaves_on: Mapped[date | None]  # the last day of service, told before it came; NULL: not told
    erased_at: Mapped[datetime | None]  # NULL: not erased; else nothing here says who it was

    __table_args__ = (
        CheckConstraint("extra_time BETWEEN 0 AND 300", "extra_time_is_a_percentage"),
        CheckConstraint("erased_at IS NULL OR state = 'deactivated'", "erased_is_closed"),
        Index(None, "protected"),
        Index(None, "leaves_on"),
    )

    @validates("alias")
    def _order(self, _name: str, alias: str) -> str:
        self.alias_key = alias_key(alias)
        return alias


class Identity(Base):
    """Who a person really is: encrypted, and found by blind index alone."""

    __tablename__ = "identity"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(EncryptedText("identity", "name"))
    latin_name: Mapped[str | None] = mapped_column(
        EncryptedText("identity", "latin_name")
    )  # only where the name is in another script
    mail: Mapped[str] = mapped_column(EncryptedText("identity", "mail"))
    mail_index: Mapped[str] = mapped_column(String(64), unique=True)
    service_number: Mapped[str | None] = mapped_column(
        EncryptedText("identity", "service_number")
    )  # not every agency has them
    service_index: Mapped[str | None] = mapped_column(String(64), unique=True)

    __table_args__ = (
        CheckConstraint("(service_number IS NULL) = (service_index IS NULL)", "service_number_is_indexed"),
    )


class NameToken(Base):
    """A word of a name, or its first three letters, folded and keyed per country: found, never read back."""

    __tablename__ = "name_token"
    __table_args__ = (Index(None, "token"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)


class Posting(Keyed):
    """Where a person served, from and until when (inclusive); past figures use the posting of the day."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "until_is_not_before_since"),
        Index(None, "person_id", "since"),
        Index(None, "country"),
        Index(None, "agency_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    roles: Mapped[str] = mapped_column(String(200))  # roles of the framework (first_responder ...), parted by blanks
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: still there


class RoleGrant(Keyed):
    """A role of the academy that a person holds, how far it reaches, from and until when (inclusive)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(scope IN ('self', 'all')) = (reach = '')", "reach_names_the_thing"),
        CheckConstraint("until IS NULL OR until >= since", "until_is_not_before_since"),
        CheckConstraint("NOT deputy OR (role = 'contact_point' AND until IS NOT NULL)", "deputy_for_a_time"),
        UniqueConstraint("person_id", "role", "scope", "reach", "since"),
        Index(None, "role", "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    scope: Mapped[Scope]
    reach: Mapped[str] = mapped_column(String(64), default="")  # country code; id of a service, course or event
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice
    # in place of a contact point on leave: whoever holds it so names no other deputy
    deputy: Mapped[bool] = mapped_column(default=False)


class AdministratorRequest(Keyed):
    """Somebody whom one administrator wants as another one, until a second one has answered."""

    __tablename__ = "administrator_request"
    __table_args__ = (
        Index(
            "uq_administrator_request_open", "person_id", unique=True,
            sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED,
        ),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", "answered_at_a_time"),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", "answered_by_somebody"),
        CheckConstraint("asked_by <> person_id", "nobody_asks_for_themself"),
        CheckConstraint("answer <> 'confirmed' OR (answered_by <> asked_by AND answered_by <> person_id)", "by_two"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    answer: Mapped[Answer | None]  # NULL: none yet
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class Supervision(Keyed):
    """Who supervises an officer, from and until when (inclusive).

    It holds while both serve in one country and the role of the supervisor lasts: `supervised` asks for that.
    """

    __tablename__ = "supervision"
    __table_args__ = (
        Index(
            "uq_supervision_open", "officer_id", "supervisor_id", unique=True,
            sqlite_where=_STILL, postgresql_where=_STILL,
        ),
        CheckConstraint("supervisor_id <> officer_id", "nobody_supervises_themself"),
        CheckConstraint("until IS NULL OR until >= since", "until_is_not_before_since"),
    )  # fmt: skip

    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice


class SignInSession(Numbered):
    """A place where somebody is signed in; the table holds the hash of the cookie's secret."""

    __tablename__ = "sign_in_session"

    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # of the secret before this one, until this one comes back: an answer may be lost. NULL: there is none
    former_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[Stage]
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    shared_computer: Mapped[bool]
    started_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # when the person last gave the password or a passkey in it
    fully_proved_at: Mapped[datetime | None]  # the same with every step that the account has; NULL: not yet
    seen_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class FailedSignIn(Numbered):
    """A wrong password: by keyed hashes of what was typed and of the address, kept for the longest window.

    One of a stranger stands a second time for all names of the person, without an address.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"), Index(None, "at"))

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AuthenticatorApp(Keyed):
    """The seed that a person's app and the academy share; it counts once a code of it was typed."""

    __tablename__ = "authenticator_app"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    seed: Mapped[str] = mapped_column(EncryptedText("authenticator_app", "seed"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # NULL: shown, not proved yet


class UsedStep(Base):
    """A time step whose code a person has used: each serves once."""

    __tablename__ = "used_step"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class OneTimeCode(Numbered):
    """A code that serves once, as a keyed hash."""

    __tablename__ = "one_time_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[CodeKind]
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # NULL: until it is used or replaced
    used_at: Mapped[datetime | None]  # NULL: not used yet


class FailedCode(Numbered):
    """A wrong code of somebody whose password was right, kept for the longest window."""

    __tablename__ = "failed_code"
    __table_args__ = (Index(None, "person_id", "at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class Passkey(Keyed):
    """A passkey's public half."""

    __tablename__ = "passkey"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url
    public_key: Mapped[str] = mapped_column(String(2000))  # base64url
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # NULL: not used since it was added


class Challenge(Keyed):
    """What a passkey has to sign: given out once, taken once."""

    __tablename__ = "challenge"

    challenge: Mapped[str] = mapped_column(String(100))  # base64url
    ceremony: Mapped[Ceremony]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: whoever signs in by passkey
    ends_at: Mapped[datetime] = mapped_column(index=True)


class KnownBrowser(Base):
    """A browser in which a person has signed in, by the hash of a mark in its cookie."""

    __tablename__ = "known_browser"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mark_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class GivenUpAlias(Keyed):
    """An alias that somebody gave up: for a while it is nobody else's, since colleagues remember whose it was."""

    __tablename__ = "given_up_alias"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    alias: Mapped[str] = mapped_column(String(80), index=True)
    free_at: Mapped[datetime] = mapped_column(index=True)


class RefusedAlias(Numbered):
    """That an alias was refused because somebody is so called, kept for a day: each refusal tells as much."""

    __tablename__ = "refused_alias"
    __table_args__ = (Index(None, "holder", "at"), Index(None, "at"))

    holder: Mapped[UUID]  # the person, or the invitation of who is to become one
    at: Mapped[datetime]


class Invitation(Keyed):
    """Somebody who may become a person: bound to a mail address, a country and a role; emptied when it is over."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("uq_invitation_open_mail", "mail_index", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_invitation_open", "country", "ends_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "person_id"),
        Index(None, "country", "made_at"),
        Index(None, "invited_by", "made_at"),
        Index(None, "alias"),
        CheckConstraint("(accepted_at IS NULL) = (person_id IS NULL)", "accepted_by_a_person"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", "ends_once"),
        CheckConstraint("(code_hash IS NULL) = (letter_ends_at IS NULL)", "letter_has_a_code"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText("invitation", "token"))  # for the mail; "" when it is over
    code_hash: Mapped[str | None] = mapped_column(String(64))  # with the mail's index in it; NULL: no letter printed
    mail: Mapped[str] = mapped_column(EncryptedText("invitation", "mail"))
    mail_index: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(EncryptedText("invitation", "name"))
    latin_name: Mapped[str | None] = mapped_column(EncryptedText("invitation", "latin_name"))
    service_number: Mapped[str | None] = mapped_column(EncryptedText("invitation", "service_number"))
    service_index: Mapped[str | None] = mapped_column(String(64), index=True)
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[Role]
    posting_roles: Mapped[str] = mapped_column(String(200))  # roles of the framework, parted by blanks
    alias: Mapped[str] = mapped_column(String(80))  # suggested, then chosen
    language: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str | None] = mapped_column(String(128))  # chosen, until the person is made
    browser_hash: Mapped[str | None] = mapped_column(String(64))  # of the browser in which it was chosen
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    mails: Mapped[int] = mapped_column(default=0)  # how often the link was sent
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # of the link; the same as withdrawn_at where nobody accepted it in time
    letter_ends_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]  # the mail's server gave the last mail up


class FailedInvitationCode(Numbered):
    """A wrong code of a letter: by keyed hashes of the mail typed and of the address, kept for the longest window."""

    __tablename__ = "failed_invitation_code"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class AnswerAbroad(Numbered):
    """How many addresses somebody wanted to invite and could not, as they are of other countries: counted for a day."""

    __tablename__ = "answer_abroad"
    __table_args__ = (CheckConstraint("count > 0", "something_was_asked"), Index(None, "person_id", "at"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class AskedForLink(Numbered):
    """Somebody asked for a link to a new password: by keyed hashes of what was typed and of the address.

    Who it was, if anybody, is looked for later: known and unknown names cost the same.
    """

    __tablename__ = "asked_for_link"
    __table_args__ = (
        Index(None, "account", "at"),
        Index(None, "address", "at"),
        Index(None, "at"),
    )

    account: Mapped[str] = mapped_column(String(64))  # what was typed, as a mail address
    number: Mapped[str] = mapped_column(String(64))  # the same, as a service number
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # NULL: not looked for yet


class PasswordLink(Keyed):
    """A link by mail to the page of a new password; it goes when it is used."""

    __tablename__ = "password_link"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText("password_link", "token"))  # for the mail
    ends_at: Mapped[datetime] = mapped_column(index=True)


class AddressChange(Keyed):
    """Another mail address that a person wants, confirmed from both; done, it keeps the old one for a last mail."""

    __tablename__ = "address_change"
    __table_args__ = (
        Index("uq_address_change_open", "person_id", unique=True, sqlite_where=_WANTED, postgresql_where=_WANTED),
        CheckConstraint("(done_at IS NULL) = (old_mail IS NULL)", "old_mail_is_kept_when_done"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    mail: Mapped[str] = mapped_column(EncryptedText("address_change", "mail"))
    old_mail: Mapped[str | None] = mapped_column(EncryptedText("address_change", "old_mail"))
    old_hash: Mapped[str] = mapped_column(String(64), unique=True)
    old_token: Mapped[str] = mapped_column(EncryptedText("address_change", "old_token"))
    new_hash: Mapped[str] = mapped_column(String(64), unique=True)
    new_token: Mapped[str] = mapped_column(EncryptedText("address_change", "new_token"))
    ends_at: Mapped[datetime] = mapped_column(index=True)
    begun_at: Mapped[datetime | None]  # NULL: nobody has looked yet whose the address is
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class SecondHelp(Base):
    """An administrator wants to let another one back in and waits for a second: one wish for a person."""

    __tablename__ = "second_help"
    __table_args__ = (CheckConstraint("asked_by <> person_id", "nobody_helps_themself"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime] = mapped_column(index=True)


class Incident(Base):
    """The one incident that lasts, or the last one; those before it stand in the trail."""

    __tablename__ = "incident"
    __table_args__ = (CheckConstraint("id = 1", "there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[IncidentReason]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # NULL: it lasts
