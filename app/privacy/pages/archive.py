"""The page to read in an archive, in the language and direction of the person; and the answer that carries the file."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import IO, Any

import msgspec
from flask import Response, render_template, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext

from app.i18n import babel
from app.i18n.languages import current, direction
from app.kernel import clock
from app.privacy.writing import SAMPLE, Told

# each part in the words of the person it is about
PARTS = {
    "account": lazy_gettext("The account and its settings"),
    "identity": lazy_gettext("Who I am"),
    "postings": lazy_gettext("Where I serve and served"),
    "roles": lazy_gettext("My roles at the academy"),
    "supervision": lazy_gettext("When I was supervised, or supervised others"),
    "sessions": lazy_gettext("Where I am signed in"),
    "known_browsers": lazy_gettext("Browsers that I signed in with"),
    "apps": lazy_gettext("Apps with codes"),
    "passkeys": lazy_gettext("My passkeys"),
    "codes": lazy_gettext("Codes that serve once"),
    "wrong_codes": lazy_gettext("Wrong codes"),
    "invitation": lazy_gettext("My invitation"),
    "invitations_sent": lazy_gettext("Invitations that I sent"),
    "courses": lazy_gettext("Courses that I began"),
    "lessons": lazy_gettext("Lessons"),
    "suggestions": lazy_gettext("Courses that were suggested to me"),
    "suggestions_made": lazy_gettext("Courses that I suggested to others"),
    "attempts": lazy_gettext("Tests"),
    "answers": lazy_gettext("Answers"),
    "marks": lazy_gettext("What answers were worth"),
    "practice": lazy_gettext("Answers to questions in the text"),
    "cases": lazy_gettext("Cases"),
    "choices": lazy_gettext("Choices in cases"),
    "evidence": lazy_gettext("Evidence of what I can do"),
    "states": lazy_gettext("What the evidence leads to"),
    "held": lazy_gettext("Until when I hold a competency"),
    "periods": lazy_gettext("Times in which I held a competency"),
    "needs": lazy_gettext("Competencies asked of me by name"),
    "claims": lazy_gettext("Earlier skill that I claimed"),
    "evidence_given": lazy_gettext("Evidence of others that I assessed or recorded"),
    "needs_named": lazy_gettext("Competencies that I asked of others"),
    "claims_decided": lazy_gettext("Claims that I decided"),
    "bookings": lazy_gettext("Seats and places in a queue"),
    "attendance": lazy_gettext("How I was at sessions"),
    "assessments": lazy_gettext("How I was scored"),
    "attendance_kept": lazy_gettext("Attendance that I kept"),
    "assessments_made": lazy_gettext("Scores that I gave"),
    "events_made": lazy_gettext("Events that I wrote or cleared"),
    "figures": lazy_gettext("What I count for in the plan"),
    "figures_entered": lazy_gettext("Figures that I entered or decided on"),
    "documents": lazy_gettext("Documents that I added"),
    "notes": lazy_gettext("Notes that I wrote"),
    "notices": lazy_gettext("Notices"),
    "mails": lazy_gettext("Mails to me"),
    "courses_published": lazy_gettext("Courses that I published"),
    "answers_abroad": lazy_gettext("How many addresses I could not invite"),
    "aliases_before": lazy_gettext("Aliases that I gave up"),
    "aliases_refused": lazy_gettext("Aliases that I did not get"),
    "address_changes": lazy_gettext("Other mail addresses that I wanted"),
    "administrator": lazy_gettext("Who becomes an administrator"),
    "second_help": lazy_gettext("Who is let back in"),
    "imports": lazy_gettext("Sheets that I imported"),
    "imported": lazy_gettext("What a sheet changed of me"),
    "officers_taken": lazy_gettext("How many people I took along"),
    "export_wishes": lazy_gettext("Files that needed a second person"),
    "first_run": lazy_gettext("That I set the site up"),
    "erasure": lazy_gettext("My request to be erased"),
    "trail_about_you": lazy_gettext("What was done that concerns me"),
    "trail_by_you": lazy_gettext("What I did"),
}
# the columns that most parts have; the others are named as in data.json
COLUMNS = {
    "alias": lazy_gettext("Alias"),
    "name": lazy_pgettext("person", "Name"),
    "mail": lazy_gettext("Work e-mail"),
    "service_number": lazy_gettext("Service number"),
    "country": lazy_gettext("Country"),
    "agency": lazy_gettext("Service"),
    "role": lazy_gettext("Role"),
    "roles": lazy_gettext("Role"),
    "since": lazy_gettext("From"),
    "until": lazy_gettext("Until"),
    "day": lazy_gettext("Day"),
    "at": lazy_gettext("Time"),
    "state": lazy_gettext("State"),
    "kind": lazy_gettext("Kind"),
    "course_id": lazy_gettext("Course"),
    "lesson": lazy_gettext("Lesson"),
    "question": lazy_gettext("Question"),
    "body": lazy_gettext("Answer"),
    "share": lazy_gettext("Share"),
    "passed": lazy_gettext("Passed"),
    "competency": lazy_gettext("Competency"),
    "level": lazy_gettext("Level"),
    "seat": lazy_gettext("Seat"),
    "reason": lazy_gettext("Reason"),
    "text": lazy_gettext("Note"),
    "language": lazy_gettext("Language"),
    "started_at": lazy_gettext("Begun"),
    "begun_at": lazy_gettext("Begun"),
    "ended_at": lazy_gettext("Ended"),
    "finished_at": lazy_gettext("Ended"),
    "completed_at": lazy_gettext("Completed"),
}
NAME = "my-data.zip"
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-inline-size: 60rem; padding: 1rem }
section > div { overflow-x: auto }
table { border-collapse: collapse }
th, td { border-block-end: 1px solid #bbb; padding: 0.25rem 0.75rem; text-align: start; vertical-align: top }
dt { font-weight: bold }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #8cf } }
"""


def pages_of(told: list[Told], courses: dict[str, str]) -> dict[str, str]:
    """Return the page to read and its style: every part with its first rows, in HTML that asks no network."""
    page = render_template(
        "privacy/archive.html",
        language=current(),
        dir=direction(current()),
        made_on=clock.today(),
        parts=[_part(one, courses) for one in told if one.count],
        empty=[_title(one) for one in told if not one.count],
        most=SAMPLE,
    )
    return {"index.html": page, "style.css": STYLE}


def send(file: IO[bytes]) -> Response:
    """Return the file as an answer that is kept, never shown."""
    answer = send_file(file, "application/zip", as_attachment=True, download_name=NAME, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _part(one: Told, courses: dict[str, str]) -> dict[str, Any]:
    shown = [name for name in one.rows[0] if name in COLUMNS or not (name == "id" or name.endswith("_id"))]
    heads = [(str(COLUMNS[name]), "") if name in COLUMNS else (name.replace("_", " "), "en") for name in shown]
    rows = [[_text(row[name], courses) for name in shown] for row in one.rows]
    return {"name": one.name, "title": _title(one), "count": one.count, "heads": heads, "rows": rows}


def _title(one: Told) -> str:
    return str(PARTS[one.name])


def _text(value: Any, courses: dict[str, str]) -> str:
    """Return a value as somebody reads it."""
    for kind, said in _SAID:
        if isinstance(value, kind):
            return said(value)
    return courses.get(str(value), str(value))


# the first that fits: a truth value is a number, too, and a time is a day
_SAID: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (type(None), lambda _value: "–"),
    (bool, lambda value: _("Yes") if value else _("No")),
    (datetime, lambda value: str(value.isoformat(sep=" ", timespec="minutes"))),
    (date, babel.words),
    (Enum, lambda value: str(value.value)),
    ((dict, list), lambda value: msgspec.json.encode(value, enc_hook=str).decode()),
    (float, lambda value: f"{value:.3g}"),
)
