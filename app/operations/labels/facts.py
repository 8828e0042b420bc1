"""Labels of the facts of events, and of their values, for the audit log and the export of own data."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.i18n import babel
from app.i18n.languages import country_name
from app.operations.labels import events, values
from app.operations.labels.fact_kinds import ENUMS
from app.plan import labels as plan

# by field name; a test checks that no shown field is missing
FACTS: Mapping[str, LazyString] = {
    "is_confirmed": _("Confirmed"),
    "conflicts": _("Marks that differ from another list"),
    "saved": _("New marks"),
    "cascade_id": _("National session"),
    "is_late": _("Sent later"),
    "old_tables": _("Tables before"),
    "new_tables": _("Tables after"),
    "before": _("Seats before"),
    "after": _("Seats after"),
    "about": _("About"),
    "action_id": _("Action"),
    "draw_id": _("Draw"),
    "due_on": _("Due on"),
    "invigilators": _("Invigilators"),
    "picks": _("Officers drawn"),
    "pool": _("Officers to draw from"),
    "quarter": _("Quarter"),
    "reminder_id": _("Reminder"),
    "wanted_by": _("Answer wanted by"),
    "office": _("Owner"),
    "who": _("By"),
    "by": _("By"),
    "name": lazy_pgettext("trail", "Event"),
    "allowed": _("Allowed"),
    "agency_id": _("Agency"),
    "nomination_id": _("Nomination"),
    "seats": _("Seats given"),
    "answer": _("Answer"),
    "answers": _("Answers"),
    "asked": _("Request"),
    "unanswered": _("Not answered"),
    "asked_id": _("Request"),
    "attempt": _("Attempt"),
    "attempts": _("Attempts"),
    "added": _("New"),
    "batch_id": _("Import"),
    "cases": _("Cases"),
    "change_id": _("Change of the address"),
    "changed": _("Changed"),
    "choices": _("Choices"),
    "claim_id": _("Claim"),
    "code": _("Code"),
    "codes": _("Indicators"),
    "competency": _("Competency"),
    "requirement_id": _("Requirement"),
    "exemption_id": _("Exemption"),
    "waits": _("Waits for a second person"),
    "count": _("How many"),
    "course_id": _("Course"),
    "courses": _("Courses"),
    "cycle": _("Earlier completions"),
    "day": _("Day"),
    "deputy": _("Deputy"),
    "elsewhere": _("Addresses of other countries"),
    "ends_on": _("Completions end on"),
    "entries": _("Entries"),
    "entry": _("Entry"),
    "error": _("Error"),
    "everybody": _("Everybody"),
    "evidence": _("Number of the evidence"),
    "factor": _("Second factor"),
    "fault": _("Fault"),
    "faults": _("Faults"),
    "files": _("Files"),
    "filled": _("Filled in"),
    "filters": _("Filter"),
    "format": _("Format"),
    "forms": _("Question sets"),
    "is_done": _("Fulfilled"),
    "is_resolved": _("Resolved"),
    "point": _("Point of the checklist"),
    "judges": _("Judges"),
    "newly_passed": _("Passed after the correction"),
    "panel_id": _("Judging panel"),
    "peer_request_id": _("Request"),
    "requests": _("Requests"),
    "round": _("Round"),
    "used": _("Expected score used"),
    "remark_id": _("Remark"),
    "review_id": _("Review"),
    "first_id": _("First person"),
    "second_id": _("Second person"),
    "form": _("Taken as"),
    "how": _("How the person was identified"),
    "invitation_id": _("Invitation"),
    "invited": _("Invited"),
    "item": _("Question"),
    "job": _("Job"),
    "kept": _("Not undone"),
    "key": _("Key"),
    "key_id": _("Id of the key"),
    "kind": _("Kind"),
    "last_day": _("Last day of service"),
    "left": _("Codes left"),
    "lesson": _("Lesson"),
    "level": _("Level"),
    "link_id": _("Link"),
    "mail_id": _("Mail"),
    "mails": _("Number of mails"),
    "minutes_spent": _("Minutes spent"),
    "minutes_stated": _("Minutes stated"),
    "note_id": _("Note"),
    "number": _("Number"),
    "need_id": _("Planned need"),
    "observation_id": _("Figure"),
    "opinion": _("Opinion"),
    "period": _("Period"),
    "quarter_end": _("End of the quarter"),
    "frozen_figures": _("Frozen figures"),
    "sha256": _("Hash"),
    "file": _("File"),
    "size": _("Size in bytes"),
    "people": _("People"),
    "playthrough_id": _("Case"),
    "promoted": _("From the waiting list"),
    "protected": _("Hidden"),
    "purpose": _("Purpose"),
    "queued": _("Place"),
    "reach": _("Where it applies"),
    "reason": _("Reason"),
    "reference": _("Version of the plan"),
    "agreed_as": _("Agreed as"),
    "outcome": _("Outcome"),
    "proposal_id": _("Proposal"),
    "replaced": _("Replaced"),
    "question_id": _("Question"),
    "report_id": _("Report of a mistake"),
    "run_id": _("Report"),
    "report": _("Kind of report"),
    "section": _("Part of the report"),
    "schedule_id": _("Schedule"),
    "line_id": _("Line"),
    "role": _("Role"),
    "roles": _("Role in the agency"),
    "saves": _("Saved answers"),
    "path": _("File"),
    "source_id": _("Copy of the course"),
    "questions": _("Questions"),
    "record_id": _("Record"),
    "rows": _("Rows"),
    "scope": _("Valid for"),
    "seat": _("Seat"),
    "session_id": _("Session"),
    "sessions": _("Sessions ended"),
    "shared_computer": _("Shared computer"),
    "sheet_id": _("Sheet"),
    "side": _("Mailbox"),
    "since": _("From"),
    "state": _("State"),
    "step": _("Step"),
    "suggestion_id": _("Suggestion"),
    "supervisor_id": _("Supervisor"),
    "table": _("Table"),
    "target_id": _("Target"),
    "undone": _("Undone"),
    "until": _("Until"),
    "sensitivity": _("Mark"),
    "language": _("Language"),
    "valid_from": _("Valid from"),
    "version": _("Version"),
    "version_id": _("Version"),
    "sitting_id": _("Sitting"),
    "late": _("Late"),
    "shares_device": _("At once with another officer on one device"),
    "minutes": _("Minutes"),
    "results": _("Results"),
    "products": _("Desk tasks to mark"),
    "absent": _("Absent officers"),
    "certificate_id": _("Certificate"),
    "certificate_kind": _("Kind of certificate"),
    "replaced_by_id": _("New certificate"),
    "shown_until": _("Shown until"),
    "checks_kept": _("Checks kept"),
    "is_kept": _("Check stays after erasure"),
    "check_request_id": _("Request"),
    "product_id": _("Desk task"),
    "rubric": _("Rubric"),
    "part": _("Part of the marking"),
    "wanted": _("Starter content"),
    "why": _("Reason"),
    "wish_id": _("Request"),
    "workshop_id": _("Event"),
    "file_id": _("File"),
    "message_id": _("Message"),
    "recipients": _("Recipients"),
    "deleted": _("Deleted"),
    "wrong": _("Wrong"),
}
# the same name of a field in two meanings
OTHER: Mapping[str, LazyString] = {
    "AttendanceKept.session_id": _("Session of the event"),
    "InvitationLetterMade.language": _("Language of the letter"),
}
# fields that a user changed
CHANGED: Mapping[str, LazyString] = {
    "language": _("Language of the pages"),
    "content_language": _("Language of lessons"),
    "appearance": _("Appearance"),
    "more_contrast": _("More contrast"),
    "data_saver": _("Saving data"),
    "mail_rhythm": _("Mail"),
    "time_zone": _("Time zone"),
    "shows_country": _("Country shown to others"),
    "name": lazy_pgettext("person", "Name"),
    "latin_name": _("Name in Latin letters"),
    "mail": _("Work e-mail"),
    "service_number": _("Service number"),
    "posting": _("Role in the agency"),
    "role": _("Role at the academy"),
    "second_factor on": _("Second factor needed"),
    "second_factor off": _("Second factor not needed"),
    "printed_codes on": _("Printed codes allowed"),
    "printed_codes off": _("Printed codes not allowed"),
    "exact_counts on": _("Exact process counts agreed"),
    "exact_counts off": _("Exact process counts not agreed"),
    "help": _("Help"),
    "help reviewed": _("Help contact reviewed"),
    "identity_months": _("Retention of names"),
    "password": _("Password"),
    "sessions": _("Sessions"),
    "capacity": _("Seats"),
    "code": _("Code"),
    "kind": _("Kind"),
    "form": _("Form"),
    "town": _("Town"),
    "venue": _("Venue"),
    "rooms": _("Rooms, links and languages of sessions"),
    "host_country": _("Host country"),
    "sensitivity": _("Mark"),
    "outcomes": _("Competencies"),
    "title": _("Title"),
    "summary": _("Summary"),
    "practise": _("What is practised"),
    "languages": _("Languages"),
    "first_day": _("First day"),
    "last_day": _("Last day"),
    "booking_until": _("Booking until"),
    "prerequisites": _("Courses needed before"),
    "roles": _("For these roles"),
    "activity": _("Activity of the plan"),
    "attendance_share": _("Sessions needed for a certificate"),
}
PLAIN: Mapping[str, Mapping[str, LazyString]] = {
    "why": {"retention": _("Retention period was over"), "erasure": _("Requested by the person")},
    "form": {"page": _("On the page")},
    "table": {"lessons": _("Lessons"), "questions": _("Questions"), "cases": _("Cases"), "countries": _("Countries")},
    "filled": CHANGED,
    "report": {
        "quarterly": _("Quarterly report"),
        "country": _("Country sheet"),
        "workshop": _("Workshop report"),
        "donors": _("Results table for donors"),
    },
    "ReportEnded.state": {"ready": _("Ready"), "failed": _("Failed")},
    "ReportScheduled.state": {"created": _("Created"), "ended": _("Ended")},
    "DonorLineChanged.state": {"created": _("Created"), "deleted": _("Deleted")},
}
FIRST = ("kind", "role", "scope", "reach", "deputy", "since", "until")  # what is read first, in this order
DAYS = frozenset({"since", "until", "day", "last_day", "due_on", "ends_on", "wanted_by", "quarter_end"})


def ordered(names: Iterable[str]) -> list[str]:
    """Return names of facts in their order on the page."""
    return sorted(names, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))


def sentence(event: str, field: str, value: Any, text: str) -> str:
    """Return a fact of an event as "label: value"; `text` is the value if it has no label."""
    word = str(OTHER.get(f"{event}.{field}") or FACTS.get(field) or field)
    return gettext("%(kind)s: %(title)s", kind=word, title=_value_label(event, field, value) or text)


def _value_label(event: str, field: str, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field in _TEXT_OF:
        return _TEXT_OF[field](value)
    return _text_label(event, field, value) if isinstance(value, str) else ""


def _text_label(event: str, field: str, value: str) -> str:
    texts = PLAIN.get(f"{event}.{field}") or PLAIN.get(field)
    if texts is not None:
        return str(texts.get(value, ""))
    kind = ENUMS.get(f"{event}.{field}") or ENUMS.get(field)
    return values.stored_label(kind, value) if kind else ""


def _changed(value: Any) -> str:
    return babel.joined([_changed_field(str(each)) for each in value]) if isinstance(value, list) else ""


def _changed_field(name: str) -> str:
    head, _space, rest = name.partition(" ")
    if name in CHANGED or head not in CHANGED:
        return str(CHANGED.get(name, name))
    return gettext("%(kind)s: %(title)s", kind=str(CHANGED[head]), title=rest)


def _roles(value: Any) -> str:
    titles = plan.roles()
    return babel.joined([titles.get(str(each), str(each)) for each in value]) if value else ""


def _day(value: Any) -> str:
    return babel.words(date.fromisoformat(value)) if value else ""


def _reach(value: Any) -> str:
    return country_name(value) if len(value) == COUNTRY else ""


COUNTRY = 2  # letters of a country's code; other reaches are ids
_TEXT_OF: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(DAYS, _day),
    "changed": _changed,
    "roles": _roles,
    "reach": _reach,
    "name": lambda value: events.name(str(value)),
}
