"""View models of `/people/<id>/service`: postings of an officer, and the consequences of each change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.directory.forms import EndServiceForm, LeavingForm, MoveForm, ProtectionForm
from app.directory.queries.officers import OfficerPostings
from app.directory.service.postings import NewPosting
from app.i18n.babel import joined, words
from app.i18n.languages import current
from app.identity.queries import people
from app.identity.queries.postings import PostingSpan
from app.kernel import clock
from app.ports import PersonSection, ports
from app.sign_in.forms.authentication import ReauthenticationForm
from app.web.pages import Page

Titles = Mapping[str, str]
Agencies = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRow:
    """A posting in the table of an officer's postings; `word` and `kind` are its state."""

    agency: str
    roles: str
    since: date
    until: date | None
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingPage(Page):
    """The postings of an officer, newest first, and the forms to change them.

    `erasure` links to the erasure page, None unless the officer asked for erasure. `errors` have the ids of fields.
    """

    template: ClassVar[str] = "directory/posting.html"
    officer: OfficerPostings
    postings: Sequence[PostingRow]
    erasure: PersonSection | None
    move: MoveForm
    leave: LeavingForm
    errors: Sequence[tuple[str, str]]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequencePage(Page):
    """The consequences of a change, before it is made.

    `action` receives the hidden `fields`, `done` is the label of the button, `form` asks for the password.
    """

    template: ClassVar[str] = "directory/consequence.html"
    officer: OfficerPostings
    title: str
    consequences: Sequence[str]
    action: str
    fields: Sequence[tuple[str, str]]
    done: str
    form: ReauthenticationForm | None = None
    recently_authenticated: bool = False
    decides: bool = True  # False for a deputy, who may not make each change


def posting_page(officer: OfficerPostings, move: MoveForm, leave: LeavingForm) -> PostingPage:
    """Return the page of an officer's postings, with submitted forms that have errors."""
    agencies, titles = _agencies(officer), _titles()
    sections = ports().person_sections(officer, parent="directory.show_posting")
    return PostingPage(
        officer=officer,
        postings=[_row(posting, agencies, titles, clock.today()) for posting in reversed(officer.postings)],
        erasure=next(iter(sections), None),
        move=move,
        leave=leave,
        errors=[(name, errors[0]) for form in (move, leave) for name, errors in form.errors.items() if name],
        today=clock.today(),
    )


def move_page(officer: OfficerPostings, new: NewPosting) -> ConsequencePage:
    """Return the consequences of another agency, or of other roles."""
    return ConsequencePage(
        officer=officer,
        title=_("Change posting"),
        consequences=_consequences_of_move(officer, new, _agencies(officer), _titles()),
        action=url_for("directory.change_posting", person_id=officer.person_id),
        fields=[
            ("agency", str(new.agency_id)),
            ("since", new.since.isoformat()),
            *(("roles", role) for role in new.roles),
        ],
        done=_("Move the officer"),
    )


def departure_page(officer: OfficerPostings, form: EndServiceForm, *, recently_authenticated: bool) -> ConsequencePage:
    """Return the consequences of leaving."""
    last_day: date = form.last_day.data
    return ConsequencePage(
        officer=officer,
        title=_("Leaving"),
        consequences=_consequences_of_departure(officer, last_day, clock.today()),
        action=url_for("directory.plan_departure", person_id=officer.person_id),
        fields=[("last_day", last_day.isoformat())],
        done=_("End the service"),
        form=form,
        recently_authenticated=recently_authenticated,
    )


def protection_page(
    officer: OfficerPostings, form: ProtectionForm, *, decides: bool, recently_authenticated: bool
) -> ConsequencePage:
    """Return the consequences of beginning the protection, or of ending it, which deputies may not."""
    begins = not officer.protected
    return ConsequencePage(
        officer=officer,
        title=_("Under threat") if begins else _("No longer under threat"),
        consequences=_consequences_of_protection(officer) if begins else _consequences_of_its_end(officer),
        action=url_for("directory.protect", person_id=officer.person_id),
        fields=[("protected", "yes" if begins else "no")],
        done=_("Hide the officer") if begins else _("Show the officer again"),
        form=None if begins else form,
        recently_authenticated=recently_authenticated,
        decides=decides,
    )


def _agencies(officer: OfficerPostings) -> Agencies:
    return {agency_id: name for agency_id, _country, name in people.agencies(officer.country)}


def _titles() -> Titles:
    return dict(ports().posting_titles(current()))


def _consequences_of_move(officer: OfficerPostings, new: NewPosting, agencies: Agencies, titles: Titles) -> list[str]:
    before = officer.on(new.since)
    consequences = [
        _("From %(day)s, the agency of %(alias)s is: %(agency)s.", day=words(new.since), alias=officer.alias,
          agency=agencies.get(new.agency_id, "")),
    ]  # fmt: skip
    if new.roles != before.roles:
        consequences.append(_("Roles of the officer from that day: %(roles)s.", roles=_roles(new.roles, titles)))
        consequences.append(_("The learning path then follows these roles. Verified competencies remain verified."))
    if new.agency_id != before.agency_id:
        consequences.append(
            _(
                "Supervisors of the whole former agency no longer see this officer. "
                "Supervisors assigned by name still do."
            )
        )
    return [
        *consequences,
        _("Figures of earlier days stay with the agency of those days."),
        _("The officer stays signed in. Bookings, tests and certificates remain."),
    ]


def _consequences_of_departure(officer: OfficerPostings, last_day: date, today: date) -> list[str]:
    at_once = _("The account is closed now, and every session of it ends.")
    later = _("The account is closed when %(day)s is over. Until then it works.", day=words(last_day))
    return [
        at_once if last_day <= today else later,
        _("%(alias)s counts in the figures until that day. Past figures do not change.",
          alias=officer.alias),
        _("Seats at events that have not begun go to the next in line."),
        _("The name is deleted after the retention period of your country."),
    ]  # fmt: skip


def _consequences_of_protection(officer: OfficerPostings) -> list[str]:
    return [
        _("People outside your country do not see the agency or the role of %(alias)s.", alias=officer.alias),
        _("%(alias)s gets another alias at once: a random role and a number. Earlier results appear under the new"
          " alias, too.", alias=officer.alias),
        _("The former alias is not stored and cannot be restored."),
        _("Trainers of an event see only the alias. Other officers see nothing."),
        _("Supervisors of the whole agency no longer see this officer. Supervisors assigned by name still do."),
        _("No figure under 10 of your country, of the agency or of the role is shown across borders."),
        _("The officer gets no mail about it. Inform them in person."),
    ]  # fmt: skip


def _consequences_of_its_end(officer: OfficerPostings) -> list[str]:
    return [
        _("Others see %(alias)s like any other officer: the role, and the country if the officer allows it.",
          alias=officer.alias),
        _("The alias stays as it is. The officer may choose another one in the settings."),
        _("Small figures include the officer again."),
        _("The officer and the other contact points of your country get a notice of it."),
    ]  # fmt: skip


def _row(posting: PostingSpan, agencies: Agencies, titles: Titles, today: date) -> PostingRow:
    if posting.since > today:
        word, kind = _("Planned"), "wait"
    elif posting.until is None or posting.until >= today:
        word, kind = _("Now"), "here"
    else:
        word, kind = _("Past"), "none"
    return PostingRow(
        agency=agencies.get(posting.agency_id, ""),
        roles=_roles(posting.roles, titles),
        since=posting.since,
        until=posting.until,
        word=word,
        kind=kind,
    )


def _roles(roles: Sequence[str], titles: Titles) -> str:
    return joined([titles.get(role, role) for role in roles]) if roles else _("None")
