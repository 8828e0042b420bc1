"""Tables of countries, agencies, people, encrypted identities, postings and role assignments."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.access.policy import Role, Scope
from app.db.base import Base, EncryptedText, Keyed
from app.identity.domain.alias_order import LONGEST, alias_key
from app.identity.domain.people import AgencyKind, Appearance, MailRhythm, PersonState


class Country(Base):
    """A member country by its ISO 3166 code; its name comes from Babel, in the user's language."""

    __tablename__ = "country"
    __table_args__ = (
        CheckConstraint("length(code) = 2", "code_has_two_letters"),
        CheckConstraint("identity_months BETWEEN 0 AND 1200", "identity_is_kept_for_a_time"),
    )

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    # whether practitioners need a second factor; staff need one everywhere
    second_factor: Mapped[bool] = mapped_column(default=True)
    # whether a printed list of one-time codes counts as one: for networks without phones
    printed_codes: Mapped[bool] = mapped_column(default=False)
    # where officers find help after a distressing text, and the day of its last review
    help_text: Mapped[str] = mapped_column(String(500), default="")
    help_reviewed_on: Mapped[date | None]  # NULL: never
    # retention of identities after departure
    identity_months: Mapped[int] = mapped_column(SmallInteger, default=24)
    # whether coordinators see exact process counts of the country, also under five
    exact_counts: Mapped[bool | None]  # NULL: not answered yet, as if refused


class Agency(Keyed):
    """An agency of a country."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("country", "name"),)

    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    kind: Mapped[AgencyKind]
    name: Mapped[str] = mapped_column(String(200))


class Person(Keyed):
    """The holder of an account; all users except the own contact point see the alias only."""

    __tablename__ = "person"

    alias: Mapped[str] = mapped_column(String(80), unique=True)
    # sorts lists; a row that is inserted without the model gets it from its alias, too
    alias_key: Mapped[str] = mapped_column(
        String(LONGEST), index=True, server_default="",
        default=lambda context: alias_key(context.get_current_parameters()["alias"]),
    )  # fmt: skip
    alias_chosen_at: Mapped[datetime | None]  # NULL: the alias of the invitation
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
    # invalidated by an incident: new factors need a reset code first
    factors_void: Mapped[bool] = mapped_column(default=False)
    # extra time on every clock, in percent of the limit
    extra_time: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    # under threat: role and country are never shown, and small figures leave the person out
    protected: Mapped[bool] = mapped_column(default=False)
    # whether peers of other countries see the country: the person's own choice
    shows_country: Mapped[bool] = mapped_column(default=False)
    leaves_on: Mapped[date | None]  # the planned last day of service; NULL: none planned
    erased_at: Mapped[datetime | None]  # NULL: not erased; else the row identifies no person

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
    """The identity of a person: encrypted, searched by blind index only."""

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
    """A word of a name, or its first three letters, folded and keyed by country: for search, never read back."""

    __tablename__ = "name_token"
    __table_args__ = (Index(None, "token"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)


class Posting(Keyed):
    """A posting of a person with its first and last day (inclusive); past figures use the posting of the day."""

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
    roles: Mapped[str] = mapped_column(String(200))  # roles of the framework (first_responder ...), separated by blanks
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: current posting


class RoleGrant(Keyed):
    """A role of a person at the academy with its scope, first and last day (inclusive)."""

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
    reach: Mapped[str] = mapped_column(String(64), default="")  # country code; id of an agency, course or event
    since: Mapped[date]
    until: Mapped[date | None]  # NULL: until further notice
    # replaces a contact point on leave: a deputy names no other deputy
    deputy: Mapped[bool] = mapped_column(default=False)
