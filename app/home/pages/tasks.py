"""What somebody has to do for others, as things to do on the first page."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.home.domain import Task
from app.invitations.domain.invitations import Waits


def tasks(found: Mapping[str, Any]) -> list[Task]:
    """Return what waits, people first: a request to be erased has a date in law."""
    lines = [
        _erasures(found.get("erasures") or 0, found.get("erased_first")),
        _claims(found.get("claims") or 0),
        _wishes(found.get("wishes") or 0),
        _administrators(found.get("administrators") or 0),
        _proposals(found.get("proposals") or 0),
        _bounced(found.get("bounced") or 0),
        _expired(found.get("expired") or 0),
    ]
    return [one for one in lines if one is not None]


def _task(name: str, href: str, sub: str) -> Task:
    return Task(name, href, sub, _("Waiting"), "wait", "", "")


def _erasures(count: int, first: Any) -> Task | None:
    if not count:
        return None
    name = ngettext("%(num)s officer asks to be erased", "%(num)s officers ask to be erased", count)
    return _task(name, url_for("directory.show_posting", person_id=first), _("The law sets a date for your answer."))


def _claims(count: int) -> Task | None:
    if not count:
        return None
    name = ngettext("Decide %(num)s claim of earlier skill", "Decide %(num)s claims of earlier skill", count)
    return _task(name, url_for("competence.claims"), _("An officer of your country waits."))


def _wishes(count: int) -> Task | None:
    if not count:
        return None
    name = ngettext("Answer %(num)s export request", "Answer %(num)s export requests", count)
    return _task(name, url_for("intake.ask"), _("More than 100 people need a second person."))


def _administrators(count: int) -> Task | None:
    if not count:
        return None
    name = ngettext(
        "%(num)s administrator waits for a second one", "%(num)s administrators wait for a second one", count
    )
    return _task(name, url_for("directory.show_people"), _("Asks for your answer"))


def _proposals(count: int) -> Task | None:
    if not count:
        return None
    name = ngettext("Answer %(num)s proposed role", "Answer %(num)s proposed roles", count)
    return _task(name, url_for("directory.show_people"), _("Agree to it, or stop it."))


def _bounced(count: int) -> Task | None:
    if not count:
        return None
    name = ngettext("The mail of %(num)s invitation came back", "The mails of %(num)s invitations came back", count)
    href = url_for("invitations.show_open_invitations", which=Waits.BOUNCED)
    return _task(name, href, _("Check the address, or print the letter."))


def _expired(count: int) -> Task | None:
    if not count:
        return None
    name = ngettext("%(num)s invitation has expired", "%(num)s invitations have expired", count)
    return _task(
        name, url_for("invitations.show_open_invitations", which=Waits.EXPIRED), _("Send a new link, or withdraw it.")
    )
