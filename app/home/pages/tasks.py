"""Turn the counts of `queries.tasks` into task lines for `/` and `/country`, such as claims to decide."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.access.targets import Target
from app.home.domain import Task
from app.i18n.babel import words
from app.invitations.domain.invitations import OpenInvitationFilter
from app.ports import ports


def tasks(counts: Mapping[str, Any]) -> list[Task]:
    """Return the tasks that the counts show. Reminders come first, then erasure requests."""
    erasures = counts.get("erasures")
    first = [_erasures(erasures, counts["erased_first"])] if erasures else []
    asked = counts.get("reminders")
    reminders = [_reminders(asked, counts["reminders_by"])] if asked else []
    actions = counts.get("actions")
    last = [_actions(actions, counts["actions_overdue"])] if actions else []
    plain = [task(counts[name]) for name, task in TASKS.items() if counts.get(name)]
    return [*reminders, *first, *_nominations(counts), *_after_events(counts), *plain, *last]


def _task(name: str, href: str, sub: str) -> Task:
    return Task(name, href, sub, _("Waiting"), "wait")


def _erasures(count: int, first: Any) -> Task:
    name = ngettext("%(num)s officer asks to be erased", "%(num)s officers ask to be erased", count)
    return _task(name, url_for("directory.show_posting", person_id=first), _("The law sets a date for your answer."))


def _reminders(count: int, by: date) -> Task:
    name = ngettext("A colleague asks you for %(num)s answer", "Colleagues ask you for %(num)s answers", count)
    sub = _("Wanted by %(day)s.", day=words(by))
    return Task(name, url_for("coordination.show_own_reminders"), sub, _("Waiting"), "wait", is_first=True)


def _actions(count: int, overdue: int) -> Task:
    name = ngettext("%(num)s action of the plan is yours", "%(num)s actions of the plan are yours", count)
    late = ngettext("%(num)s is overdue.", "%(num)s are overdue.", overdue) if overdue else ""
    return _task(name, url_for("coordination.show_actions"), late or _("Note the result when it is done."))


def _nominations(counts: Mapping[str, Any]) -> list[Task]:
    """Return the task to nominate for the event with the nearest deadline, which says how many others wait."""
    count = counts.get("nominations")
    if not count:
        return []
    name = _(
        "Nominate for %(event)s until %(day)s", event=counts["nominations_code"], day=words(counts["nominations_until"])
    )
    more = ngettext("%(num)s other event waits, too.", "%(num)s other events wait, too.", count - 1)
    sub = more if count > 1 else _("Rank your officers, and send their nominations.")
    href = url_for("workshops.show_country_nomination", workshop_id=counts["nominations_first"])
    return [_task(name, href, sub)]


def _after_events(counts: Mapping[str, Any]) -> list[Task]:
    """Return what the user is asked after events, each with the page of the first event."""
    return [
        _task(name(counts[key]), ports().path_to(target, counts[f"{key}_first"]), str(sub))
        for key, (name, target, sub) in AFTER_EVENTS.items()
        if counts.get(key)
    ]


def _evaluations(count: int) -> str:
    return ngettext("Evaluate %(num)s event", "Evaluate %(num)s events", count)


def _follow_ups(count: int) -> str:
    return ngettext("Say what you use from %(num)s event", "Say what you use from %(num)s events", count)


def _commitments_due(count: int) -> str:
    return ngettext("%(num)s commitment of yours is due", "%(num)s commitments of yours are due", count)


def _visit_summaries(count: int) -> str:
    return ngettext("Approve %(num)s summary of a visit", "Approve %(num)s summaries of visits", count)


AFTER_EVENTS: Mapping[str, tuple[Callable[[int], str], Target, LazyString]] = {
    "evaluations": (_evaluations, Target.EVALUATION, lazy_gettext("Without your name, in three minutes.")),
    "follow_ups": (_follow_ups, Target.FOLLOW_UP, lazy_gettext("Seven short questions.")),
    "commitments_due": (_commitments_due, Target.COMMITMENTS, lazy_gettext("Record the result.")),
    "visit_summaries": (_visit_summaries, Target.VISIT_REPORT, lazy_gettext("It needs a second person.")),
}


def _supervised_follow_ups(count: int) -> Task:
    name = ngettext(
        "Say what changed with %(num)s officer after an event",
        "Say what changed with %(num)s officers after events",
        count,
    )
    return _task(name, url_for("workshops.show_supervised_events"), _("Two questions each."))


def _unconfirmed_commitments(count: int) -> Task:
    name = ngettext("Confirm %(num)s commitment of an officer", "Confirm %(num)s commitments of officers", count)
    return _task(name, url_for("workshops.show_supervised_events"), _("After a study visit."))


def _claims(count: int) -> Task:
    name = ngettext("Decide %(num)s claim of earlier skill", "Decide %(num)s claims of earlier skill", count)
    return _task(name, url_for("competence.claims"), _("An officer of your country waits."))


def _check_requests(count: int) -> Task:
    name = ngettext("Answer %(num)s request for a check", "Answer %(num)s requests for a check", count)
    return _task(name, url_for("checks.show_requests"), _("Plan a sitting, or say why not."))


def _endorsements(count: int) -> Task:
    name = ngettext(
        "Endorse %(num)s officer for an event, or say why not",
        "Endorse %(num)s officers for events, or say why not",
        count,
    )
    return _task(name, url_for("workshops.show_endorsements"), _("Their seats depend on your answer."))


def _export_requests(count: int) -> Task:
    name = ngettext("Answer %(num)s export request", "Answer %(num)s export requests", count)
    return _task(name, url_for("intake.ask"), _("Exports of more than 100 people need your approval."))


def _administrators(count: int) -> Task:
    name = ngettext(
        "Decide %(num)s request for the administrator role", "Decide %(num)s requests for the administrator role", count
    )
    return _task(name, url_for("directory.show_people"), _("Asks for your answer"))


def _proposals(count: int) -> Task:
    name = ngettext("Answer %(num)s proposed role", "Answer %(num)s proposed roles", count)
    return _task(name, url_for("directory.show_people"), _("Agree to it, or stop it."))


def _bounced(count: int) -> Task:
    name = ngettext("The mail of %(num)s invitation came back", "The mails of %(num)s invitations came back", count)
    href = url_for("invitations.show_open_invitations", which=OpenInvitationFilter.BOUNCED)
    return _task(name, href, _("Check the address, or print the letter."))


def _expired(count: int) -> Task:
    name = ngettext("%(num)s invitation has expired", "%(num)s invitations have expired", count)
    href = url_for("invitations.show_open_invitations", which=OpenInvitationFilter.EXPIRED)
    return _task(name, href, _("Send a new link, or withdraw it."))


def _exact_counts(_count: int) -> Task:
    href = url_for("directory.show_country_settings", _anchor="exact-counts")
    return _task(_("Decide on exact counts for coordinators"), href, _("Until then they read bands, such as 1 to 4."))


def _requirements(count: int) -> Task:
    name = ngettext("Agree to %(num)s required course", "Agree to %(num)s required courses", count)
    return _task(name, url_for("coordination.show_requirements"), _("It is valid after a second person has agreed."))


def _exemptions(count: int) -> Task:
    name = ngettext("Agree to %(num)s exemption", "Agree to %(num)s exemptions", count)
    return _task(name, url_for("coordination.show_exemptions"), _("More than 90 days need a second person."))


def _own_sittings(_count: int) -> Task:
    sub, href = _("Its code is on the screen of the invigilator."), url_for("checks.show_sittings")
    return Task(_("Take your seat in the watched check"), href, sub, _("Open now"), "here", is_first=True)


def _own_checks(_count: int) -> Task:
    sub, href = _("Your seat is open. Go on there."), url_for("checks.show_sittings")
    return Task(_("Go on with the watched check"), href, sub, _("Open now"), "here", is_first=True)


def _watched_sittings(count: int) -> Task:
    name = ngettext("You watch %(num)s open sitting", "You watch %(num)s open sittings", count)
    sub, href = _("Close it with a note when all have finished."), url_for("checks.show_sittings")
    return Task(name, href, sub, _("Open now"), "here", is_first=True)


TASKS: Mapping[str, Callable[[int], Task]] = {
    "own_sittings": _own_sittings,
    "own_checks": _own_checks,
    "watched_sittings": _watched_sittings,
    "claims": _claims,
    "check_requests": _check_requests,
    "endorsements": _endorsements,
    "supervised_follow_ups": _supervised_follow_ups,
    "unconfirmed_commitments": _unconfirmed_commitments,
    "wishes": _export_requests,
    "administrators": _administrators,
    "proposals": _proposals,
    "bounced": _bounced,
    "expired": _expired,
    "exact_counts": _exact_counts,
    "requirements": _requirements,
    "exemptions": _exemptions,
}
