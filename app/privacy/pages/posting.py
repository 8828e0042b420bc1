"""Where an officer serves, and what each change leads to, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.directory.service.postings import NewPosting
from app.i18n.babel import joined, words
from app.identity.queries.postings import PostingSpan
from app.privacy.queries.erasure_requests import Service

Titles = Mapping[str, str]
Agencies = Mapping[UUID, str]


def page(it: Service, agencies: Agencies, titles: Titles, today: date) -> dict[str, Any]:
    """Return an officer with all postings, the newest first, and what is told about the officer."""
    here = it.on(today)
    return {
        "person_id": it.person_id,
        "alias": it.alias,
        "active": it.active,
        "protected": it.protected,
        "leaves_on": it.leaves_on,
        "asked_at": it.erasure_asked_at,
        "ends_here": it.ends_here,
        "agency": agencies.get(here.agency_id, ""),
        "roles": _roles(here.roles, titles),
        "practises": bool(here.roles) or it.practises,
        "postings": [_posting(one, agencies, titles, today) for one in reversed(it.postings)],
    }


def moving(it: Service, new: NewPosting, agencies: Agencies, titles: Titles) -> list[str]:
    """Return what follows from serving elsewhere, or in other roles."""
    before = it.on(new.since)
    said = [
        _("From %(day)s, the agency of %(alias)s is: %(agency)s.", day=words(new.since), alias=it.alias,
          agency=agencies.get(new.agency_id, "")),
    ]  # fmt: skip
    if new.roles != before.roles:
        said.append(_("What the officer does from then on: %(roles)s.", roles=_roles(new.roles, titles)))
        said.append(_("The path asks for what these roles need. What is verified stays verified."))
    if new.agency_id != before.agency_id:
        said.append(
            _(
                "Supervisors of the whole former agency no longer see this officer. "
                "Supervisors assigned by name still do."
            )
        )
    return [
        *said,
        _("Figures of earlier days stay with the agency of those days."),
        _("The officer stays signed in. Bookings, tests and certificates remain."),
    ]


def leaving(it: Service, last_day: date, today: date) -> list[str]:
    """Return what follows from leaving."""
    at_once = _("The account is closed now, and every session of it ends.")
    later = _("The account is closed when %(day)s is over. Until then it works.", day=words(last_day))
    return [
        at_once if last_day <= today else later,
        _("%(alias)s counts in the figures until that day, and in all figures of the past for good.", alias=it.alias),
        _("Seats at events that have not begun go to the next in line."),
        _("The name is kept for the time that your country has set, then removed."),
    ]


def protecting(it: Service, *, protected: bool) -> list[str]:
    """Return what follows from being under threat, or no longer."""
    if not protected:
        return [
            _("Others see %(alias)s again like everybody else: the role, and the country where the officer allows it.",
              alias=it.alias),
            _("The alias stays as it is. The officer may choose another one in the settings."),
            _("Small figures count the officer again."),
            _("The officer and the other contact points of your country get a notice of it."),
        ]  # fmt: skip
    return [
        _("People outside your country do not see the agency or the role of %(alias)s.", alias=it.alias),
        _("At once %(alias)s gets another alias: some role, drawn at random, and a number. What was done before stands"
          " under it, too.", alias=it.alias),
        _("The former alias is not stored and cannot be restored."),
        _("Who runs an event sees the alias alone. Other officers see nothing."),
        _("Supervisors of the whole agency no longer see this officer. Supervisors assigned by name still do."),
        _("No figure under 10 of your country, of the agency or of the role is shown across borders."),
        _("The officer gets no mail about it. Inform them in person."),
    ]  # fmt: skip


def erasing(it: Service) -> list[str]:
    """Return what follows from erasing."""
    return [
        _("The name, the mail address, the service number and all that proves who it is are removed for good."),
        _("%(alias)s becomes a neutral alias. The account is closed for good.",
          alias=it.alias),
        _("The officer's results remain under an anonymous number, so that no figure changes."),
        _("This cannot be undone, not even by an administrator."),
    ]  # fmt: skip


def _posting(one: PostingSpan, agencies: Agencies, titles: Titles, today: date) -> dict[str, Any]:
    if one.since > today:
        word, kind = _("Planned"), "wait"
    elif one.until is None or one.until >= today:
        word, kind = _("Now"), "here"
    else:
        word, kind = _("Past"), "none"
    return {
        "agency": agencies.get(one.agency_id, ""),
        "roles": _roles(one.roles, titles),
        "since": one.since,
        "until": one.until,
        "word": word,
        "kind": kind,
    }


def _roles(roles: Sequence[str], titles: Titles) -> str:
    return joined([titles.get(role, role) for role in roles]) if roles else _("None")
