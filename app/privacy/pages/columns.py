"""Labels of the parts, columns and values in `index.html` of the archive of own data."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import msgspec
from flask_babel import gettext, lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.access.labels import ROLES
from app.access.policy import Role
from app.i18n import babel
from app.i18n.languages import country_name, language_name
from app.intake.domain.undo import UndoOutcome
from app.intake.labels import OUTCOMES
from app.messages.domain import NoticeResult
from app.messages.labels import BECAME
from app.operations.labels import events, values
from app.operations.labels.facts import CHANGED
from app.plan import labels
from app.privacy.pages.notice_facts import FACTS
from app.reports.labels import VALUES as REPORT_VALUES
from app.workshops.labels.nominations import decision_reason

# each part in the words of the person it is about
PARTS: Mapping[str, LazyString] = {
    "account": _("The account and its settings"),
    "identity": _("Who I am"),
    "postings": _("My present and former postings"),
    "roles": _("My roles at the academy"),
    "supervision": _("When I was supervised, or supervised others"),
    "sessions": _("Where I am signed in"),
    "known_browsers": _("Browsers that I signed in with"),
    "apps": _("Apps with codes"),
    "passkeys": _("My passkeys"),
    "codes": _("One-time codes"),
    "wrong_codes": _("Wrong codes"),
    "invitation": _("My invitation"),
    "invitations_sent": _("Invitations that I sent"),
    "courses": _("Courses that I began"),
    "lessons": _("Lessons"),
    "visits": _("When I read lessons"),
    "steps": _("Steps in lessons that my devices sent"),
    "suggestions": _("Courses that were suggested to me"),
    "suggestions_made": _("Courses that I suggested to others"),
    "assignments": _("Courses that are assigned to me"),
    "exemptions": _("Exemptions from courses"),
    "exemptions_set": _("Exemptions of others that I set or agreed to"),
    "completions_recorded": _("Courses that I completed elsewhere"),
    "completions_recorded_by": _("Completions of others that I recorded"),
    "value_batches": _("Sheets of values that I sent"),
    "course_seats": _("Courses that my events need"),
    "requirements": _("Courses that I required"),
    "reports": _("Mistakes that I reported"),
    "reports_answered": _("Reports of mistakes that I answered"),
    "questions": _("Questions that I asked trainers"),
    "questions_answered": _("Questions of learners that I answered"),
    "attempts": _("Tests"),
    "answers": _("Answers"),
    "marks": _("What answers were worth"),
    "practice": _("Answers to questions in the text"),
    "peer_requests": _("Answers that colleagues mark"),
    "peer_markings": _("Answers of colleagues that I marked"),
    "regrades": _("Corrected scores"),
    "practice_sittings": _("What I practised"),
    "save_counts": _("Answers saved within the last minute"),
    "cases": _("Cases"),
    "choices": _("Choices in cases"),
    "evidence": _("Evidence of what I can do"),
    "states": _("What the evidence leads to"),
    "held": _("End of validity of my competency"),
    "periods": _("Times in which I held a competency"),
    "needs": _("Competencies asked of me by name"),
    "certificates": _("My certificates, and those that I revoked"),
    "claims": _("Earlier skill that I claimed"),
    "evidence_given": _("Evidence of others that I assessed or recorded"),
    "course_drafts": _("Versions of course drafts that I saved"),
    "editing": _("Files of course drafts that I have open"),
    "course_copies": _("Copies of courses that contain text that I wrote"),
    "draft_uploads": _("Files that I uploaded to import them into a course"),
    "course_reviewing": _("Courses whose drafts I may review"),
    "course_reviews": _("Course drafts that I sent to review or decided about"),
    "review_checks": _("Points of a review that I checked"),
    "review_remarks": _("Remarks on course drafts that I wrote or resolved"),
    "judging_panels": _("Judging panels that I opened or closed"),
    "judgements": _("My values as a judge of questions"),
    "needs_named": _("Competencies that I asked of others"),
    "claims_decided": _("Claims that I decided"),
    "bookings": _("Seats and places in a queue"),
    "officers_admitted": _("Officers whom I admitted to events"),
    "attendance": _("How I was at sessions"),
    "assessments": _("How I was scored"),
    "attendance_kept": _("Attendance that I recorded"),
    "assessments_made": _("Scores that I gave"),
    "event_steps": _("Events that I closed or reopened"),
    "nominations": _("Events that I was nominated for"),
    "nomination_changes": _("How my nominations changed"),
    "event_travel": _("My visa and travel dates"),
    "event_needs": _("My diet and access needs"),
    "event_messages": _("Messages about events that I got"),
    "event_messages_sent": _("Messages about events that I wrote"),
    "event_files": _("Files for participants that I added or withdrew"),
    "event_travel_entered": _("Visa and travel dates of others that I entered"),
    "seat_decisions": _("Decisions about my seat"),
    "nominations_decided": _("Nominations that I endorsed, made or decided"),
    "nomination_steps": _("Changes of nominations that I made"),
    "seat_rounds": _("Events whose seats I shared"),
    "seat_exceptions": _("Nominees whom I set in or left out"),
    "check_ins": _("My check-ins at sessions"),
    "event_test_attempts": _("Tests of events that I took"),
    "assessor_comments": _("Comments of assessors for me"),
    "check_in_codes_opened": _("Sessions whose check-in I opened"),
    "check_ins_decided": _("Check-ins that I confirmed or declined"),
    "attendance_lists": _("Attendance lists that my device sent"),
    "rubric_sheets": _("Sheets of others that I filled in"),
    "event_tests_opened": _("Tests of events that I opened"),
    "cascade_sessions": _("National sessions that I recorded"),
    "cascade_participations": _("National sessions in which I took part"),
    "evaluations_asked": _("Events that I may evaluate"),
    "follow_ups": _("What I answered months after events"),
    "follow_ups_supervised": _("Officers about whom I answered after events"),
    "commitments": _("What I undertook at study visits"),
    "commitments_confirmed": _("Commitments that I confirmed"),
    "visit_reports": _("Reports of study visits that I wrote or approved"),
    "events_made": _("Events that I wrote or cleared"),
    "sittings": _("Watched sittings that I planned"),
    "watched_sittings": _("Sittings that I watched, and who added me"),
    "sitting_interruptions": _("Interruptions of sittings that I began"),
    "sitting_seats": _("My seats in watched sittings, and seats in which I confirmed an officer"),
    "check_requests": _("Checks that I asked for, and requests that I answered"),
    "seat_work": _("What I worked on in watched sittings"),
    "products": _("Desk tasks that I produced"),
    "markings": _("Desk tasks that I marked"),
    "marking_comments": _("Comments that I wrote for all assessors"),
    "calibrations": _("Calibration cases that I marked"),
    "surprise_picks": _("Surprise checks for which I was drawn"),
    "evidence_watchers": _("Evidence on other officers that I watched or marked"),
    "figures": _("What I count for in the plan"),
    "actions": _("Actions of the plan that I created"),
    "action_notes": _("Notes that I wrote on actions"),
    "action_dates": _("Dates of actions that I changed"),
    "completion_views": _("Days on which I opened completion with small numbers"),
    "reminders": _("Reminders that I sent, got or answered"),
    "report_runs": _("Reports that I requested"),
    "report_texts": _("Texts of reports that I saved"),
    "report_schedules": _("Schedules of reports that I created"),
    "report_recipients": _("Schedules of reports whose links I get"),
    "figures_entered": _("Figures that I entered or decided on"),
    "documents": _("Documents that I added"),
    "notes": _("Notes that I wrote"),
    "targets": _("Targets that I proposed or agreed to"),
    "target_notes": _("My opinions on targets"),
    "planned_needs": _("Planned needs that I entered or agreed to"),
    "locks": _("Quarters that I proposed to lock, or locked"),
    "notices": _("Notices"),
    "mails": _("Mails to me"),
    "courses_published": _("Courses that I published"),
    "answers_abroad": _("How many addresses I could not invite"),
    "aliases_before": _("Aliases that I gave up"),
    "aliases_refused": _("Aliases that I did not get"),
    "address_changes": _("Other mail addresses that I wanted"),
    "administrator": _("Who becomes an administrator"),
    "second_help": _("Whose access is restored"),
    "role_proposals": _("Proposed roles"),
    "imports": _("Sheets that I imported"),
    "imported": _("What a sheet changed of me"),
    "officers_taken": _("How many people I took along"),
    "export_wishes": _("Files that needed a second person"),
    "first_run": _("That I set the site up"),
    "erasure": _("My request to be erased"),
    "trail_about_you": _("What was done that concerns me"),
    "trail_by_you": _("What I did"),
}
# by the names of the columns; a test holds that every one that is shown has a word
COLUMNS: Mapping[str, LazyString] = {
    "is_kept": _("Check stays after erasure"),
    "issued_at": _("Issued"),
    "name_shown_until": _("Name shown until"),
    "visa": _("Visa"),
    "visa_asked_on": _("Visa requested on"),
    "visa_received_on": _("Visa received on"),
    "letter_made_on": _("Letter made on"),
    "arrives_on": _("Arrival"),
    "departs_on": _("Departure"),
    "diet": _("Diet"),
    "access": _("Access"),
    "message_id": _("Message"),
    "title": _("Title"),
    "alias": _("Alias"),
    "alias_chosen_at": _("Alias chosen on"),
    "state": _("State"),
    "language": _("Language"),
    "content_language": _("Language of lessons"),
    "appearance": _("Appearance"),
    "more_contrast": _("More contrast"),
    "data_saver": _("Saving data"),
    "mail_rhythm": _("How often mails come"),
    "time_zone": _("Time zone"),
    "factors_void": _("Second factor voided"),
    "proposed_at": _("Proposed on"),
    "agreed_at": _("Agreed on"),
    "opinion": _("Opinion"),
    "period": _("Period"),
    "second_value": _("Second value"),
    "valid_from": _("Valid from"),
    "extra_time": _("Extra time in tests, in percent"),
    "created_at": _("Account made on"),
    "protected": _("Hidden"),
    "shows_country": _("Country shown to others"),
    "leaves_on": _("Last day of service"),
    "erased_at": _("Erased"),
    "name": lazy_pgettext("person", "Name"),
    "latin_name": _("Name in Latin letters"),
    "mail": _("Work e-mail"),
    "service_number": _("Service number"),
    "country": _("Country"),
    "roles": _("Role in the agency"),
    "since": _("From"),
    "until": _("Until"),
    "agency": _("Agency"),
    "role": _("Role at the academy"),
    "scope": _("Valid for"),
    "reach": _("Where it applies"),
    "deputy": _("Deputy"),
    "stage": _("How far signed in"),
    "browser": _("Browser"),
    "system": _("System"),
    "shared_computer": _("Shared computer"),
    "started_at": _("Begun"),
    "proved_at": _("Last proved on"),
    "fully_proved_at": _("Last proved by both steps on"),
    "seen_at": _("Last used on"),
    "idle_seconds": _("Seconds without use until it ends"),
    "ends_at": _("Ends"),
    "made_at": _("Made on"),
    "use_time": _("When I would use it"),
    "language_level": _("Working language"),
    "aim": _("What I want to do with it"),
    "endorsed_at": _("Endorsed on"),
    "nominated_at": _("Nominated on"),
    "nomination_reason": _("Reason of the nomination"),
    "nomination_text": _("Remark on the nomination"),
    "rank": _("Rank"),
    "counted_as": _("Counted as"),
    "admission_reason": _("Reason of the admission"),
    "decision_reason": _("Reason of the decision"),
    "offered_until": _("Offered until"),
    "seat_source": _("Kind of seat"),
    "from_state": _("State before"),
    "to_state": _("State after"),
    "reserve": _("Position on the waiting list"),
    "answered": _("Answered"),
    "opened_on": _("Asked on"),
    "closes_on": _("Answer by"),
    "answered_on": _("Answered on"),
    "occasion": _("Occasion to use it"),
    "used": _("Used"),
    "helped": _("Helped"),
    "hindered": _("Hindered"),
    "passed_on": _("Colleagues to whom I passed it on"),
    "referral": _("Referral of a possible victim"),
    "capture": _("Documented capture"),
    "request": _("Request through the right channel"),
    "contacted": _("Contacted a person from the event"),
    "change_seen": _("Change that a supervisor saw"),
    "would_help": _("What would help"),
    "supervised_on": _("Answered by a supervisor on"),
    "due": _("Due"),
    "made_on": _("Made on"),
    "confirmed_on": _("Confirmed on"),
    "problems": _("What was missing"),
    "exception_reason": _("Note about the exception"),
    "exception_category": _("Reason of the exception"),
    "confirmed_at": _("Confirmed on"),
    "sign_count": _("Number of uses"),
    "used_at": _("Used on"),
    "kind": _("Kind"),
    "at": _("When"),
    "posting_roles": _("Role in the agency"),
    "mails": _("Number of mails"),
    "accepted_at": _("Accepted on"),
    "withdrawn_at": _("Withdrawn on"),
    "count": _("How many"),
    "free_at": _("Free for others from"),
    "old_mail": _("Address before"),
    "begun_at": _("Begun"),
    "old_confirmed_at": _("Confirmed from the old address on"),
    "new_confirmed_at": _("Confirmed from the new address on"),
    "done_at": _("Done on"),
    "asked_at": _("Asked"),
    "answer": _("Answer"),
    "answered_at": _("Answered on"),
    "course_id": _("Course"),
    "last_lesson": _("Last lesson"),
    "last_at": _("Last read"),
    "completed_at": _("Completed on"),
    "lesson": _("Lesson"),
    "place": _("Place in the lesson"),
    "skipped": _("Skipped"),
    "looked_through": _("Skimmed"),
    "spent_seconds": _("Seconds spent"),
    "part": _("Part of the lesson"),
    "parts": _("Number of parts"),
    "opened_at": _("Opened on"),
    "seconds": _("Seconds"),
    "office": _("Owner"),
    "about_country": _("Country concerned"),
    "subject_kind": _("Kind of subject"),
    "subject": _("Subject"),
    "first_due_on": _("First date"),
    "origin": _("Origin"),
    "meeting_on": _("Agreed at the meeting of"),
    "moved_at": _("Date changed on"),
    "result": _("Result or reason"),
    "wanted_by": _("Answer wanted by"),
    "request_text": _("Message"),
    "answer_on": _("Done by"),
    "answer_reason": _("Why it is not possible"),
    "answer_text": _("More about the reason"),
    "counted_at": _("Counted on"),
    "suggested_as": _("Suggested by"),
    "reason": _("Reason"),
    "explanation": _("Explanation"),
    "due_on": _("By, if there is a day"),
    "suggested_at": _("Suggested on"),
    "cycle": _("Cycle"),
    "required": _("Required"),
    "assigned_on": _("Assigned on"),
    "problem": _("Why it cannot be met"),
    "exempt_until": _("Exempt until"),
    "begun_on": _("Begun on"),
    "last_step_on": _("Last step on"),
    "completed_on": _("Completed on"),
    "proof": _("Proof"),
    "recorded": _("Recorded"),
    "recorded_on": _("Recorded on"),
    "added": _("New"),
    "set_at": _("Set on"),
    "ended_on": _("Ended on"),
    "due_days": _("Days after joining"),
    "renew_months": _("Months until renewal"),
    "starts": _("First day"),
    "ends": _("Last day"),
    "element": _("Number of the paragraph"),
    "earned": _("Points ticked"),
    "comment": _("Comment"),
    "drawn_at": _("Opened on"),
    "marked_at": _("Marked on"),
    "passage": _("Paragraph"),
    "reported_at": _("Reported on"),
    "help_question": _("Question for all"),
    "help_answer": _("Answer for all"),
    "changed_at": _("Last changed on"),
    "purpose": _("Purpose"),
    "number": _("Number"),
    "pass_mark": _("Pass mark"),
    "deadline_at": _("Time is over on"),
    "period_end": _("Last day of the period"),
    "compared_end": _("Compared with the period to"),
    "is_exact": _("With exact numbers"),
    "forms": _("Forms"),
    "steps": _("Steps"),
    "requested_at": _("Requested on"),
    "frozen_at": _("Numbers frozen on"),
    "replaced_by": _("Replaced by"),
    "schedule_id": _("Schedule"),
    "section": _("Part of the report"),
    "saved_at": _("Saved on"),
    "languages": _("Languages"),
    "next_on": _("Next on"),
    "ended_at": _("Ended"),
    "share": _("Share"),
    "passed": _("Passed"),
    "question": _("Question"),
    "sequence": _("Order of saving"),
    "body": _("Answer"),
    "certainty": _("Certainty"),
    "asked": _("Asked about"),
    "counted": _("Counts for"),
    "share_before": _("Score before"),
    "share_after": _("Score after"),
    "marked": _("Marked"),
    "arrived_at": _("Arrived on"),
    "late": _("After the time"),
    "locked": _("Locked after its feedback"),
    "competency": _("Competency"),
    "item": _("Question"),
    "finished_at": _("Ended"),
    "misses": _("People in need missed"),
    "false_alarms": _("People troubled without need"),
    "step": _("Step"),
    "node": _("The scene"),
    "move": _("Choice"),
    "chosen_at": _("Chosen on"),
    "level": _("Level"),
    "day": _("Day"),
    "mark": _("Pass mark"),
    "items": _("Number of questions"),
    "trust": _("Weight"),
    "watched": _("Watched"),
    "guess": _("Chance to guess right"),
    "source": _("Source"),
    "recorded_at": _("Written down on"),
    "counted_by": _("How people are counted"),
    "shown_at": _("Code shown at"),
    "people": _("People"),
    "minutes": _("Minutes"),
    "activity": _("Activity of the plan"),
    "received_at": _("Received on"),
    "voids": _("Takes out evidence number"),
    "mu": _("Estimated skill"),
    "var": _("Doubt about the skill"),
    "du": _("Own speed of forgetting"),
    "uvar": _("Doubt about the speed"),
    "peak": _("Skill after the last training"),
    "trained": _("Trained"),
    "last_on": _("Last evidence"),
    "watched_on": _("Last watched"),
    "verified_from": _("Verified from"),
    "verified_until": _("Verified until"),
    "edition": _("Edition of the rules"),
    "named_at": _("Asked"),
    "claimed_at": _("Claimed on"),
    "decided_at": _("Decided on"),
    "submitted_at": _("Sent to review on"),
    "resolved_at": _("Resolved on"),
    "ticked_at": _("Checked on"),
    "first_rate": _("Value of the first round"),
    "second_rate": _("Value of the second round"),
    "judged_at": _("Judged on"),
    "closed_at": _("Closed on"),
    "point": _("Point of the checklist"),
    "revision": _("Revision"),
    "note": _("Note"),
    "path": _("File"),
    "file_name": _("Name of the file"),
    "uploaded_at": _("Uploaded on"),
    "seat": _("Seat"),
    "queued": _("Place"),
    "booked_at": _("Booked on"),
    "scores": _("Scores"),
    "code": _("Code"),
    "version": _("Version"),
    "thing": _("Record"),
    "agency_kind": _("Kind of agency"),
    "numerator": _("Counted"),
    "denominator": _("Of"),
    "value": _("Figure"),
    "entered_at": _("Entered on"),
    "approved_at": _("Approved on"),
    "sha256": _("Fingerprint of the file"),
    "quarter_end": _("End of the quarter"),
    "locked_at": _("Locked on"),
    "added_at": _("Added on"),
    "text": _("Note"),
    "written_at": _("Written on"),
    "facts": _("Details"),
    "read_at": _("Read on"),
    "due_at": _("To be sent from"),
    "tries": _("Tries"),
    "sent_at": _("Sent on"),
    "message": _("What changed"),
    "published_at": _("Published on"),
    "invited": _("Invited"),
    "changed": _("Changed"),
    "same": _("Same"),
    "undone_at": _("Undone on"),
    "changes": _("What was changed"),
    "outcome": _("What became of it"),
    "allowed": _("Allowed"),
    "is_group": _("For a group"),
    "planned_for": _("Planned for"),
    "began_at": _("Begun"),
    "is_surprise": _("Surprise check"),
    "is_late": _("Late"),
    "moves": _("Other devices"),
    "device_refused_at": _("Second device refused on"),
    "position": _("Position"),
    "task": _("Desk task"),
    "sat_on": _("Day of the sitting"),
    "taken_at": _("Taken on"),
    "rubric": _("Rubric"),
    "in_own_chain": _("Of the same agency, or its supervisor"),
    "starter_wanted": _("Starter content"),
    "starter_loaded_at": _("Starter content loaded"),
    "starter_fault": _("Fault"),
}
# the same name of a column in two meanings, by part and column
OTHER: Mapping[tuple[str, str], LazyString] = {
    ("cases", "name"): _("Case"),
    ("reports", "body"): _("What I wrote"),
    ("questions", "body"): _("What I wrote"),
    ("trail_about_you", "name"): lazy_pgettext("trail", "Event"),
    ("trail_by_you", "name"): lazy_pgettext("trail", "Event"),
    ("attendance", "mark"): _("Attendance"),
    ("figures", "role"): _("Role in the agency"),
    ("nominations", "role"): _("Role in the agency"),
    ("commitments", "text"): _("Commitment"),
    ("commitments", "note"): _("Result"),
    ("sittings", "place"): _("Place"),
    ("sittings", "created_at"): _("Planned on"),
    ("products", "submitted_at"): _("Handed in on"),
    ("products", "wanted_by"): _("Result wanted by"),
    ("markings", "submitted_at"): _("Marked on"),
    ("marking_comments", "text"): _("Comment"),
    ("event_messages_sent", "text"): _("Message"),
}
UNTOLD = frozenset({"said"})  # record for the next mail of the content of the one before
IDS = frozenset({"id", "holder", "subject"})  # ids mean nothing to a person; data.json has them
TRAIL = ("trail_about_you", "trail_by_you")
EVIDENCE = ("evidence", "evidence_given")
NOTHING = "–"
COUNTRY = 2  # letters of a country's code


def shown(name: str) -> bool:
    """Return whether the page shows a column."""
    return name in COLUMNS or not (name in IDS or name.endswith("_id"))


def head(part: str, name: str) -> str:
    """Return the label of a column of a part."""
    return str(OTHER.get((part, name)) or COLUMNS.get(name) or name)


def cell(part: str, name: str, value: Any, courses: Mapping[str, str]) -> str:
    """Return a value as text, with times and days as on every page; `courses`: codes by id."""
    if name == "name" and part in TRAIL:
        return events.name(str(value))
    if value is None or value == "":
        return NOTHING
    if name == "source" and part in EVIDENCE:
        return _source(value, courses)
    return _text(name, value, courses)


def _source(value: str, courses: Mapping[str, str]) -> str:
    """Return the code of the course in a source of evidence; its other ids mean nothing to a person."""
    return next((courses[piece] for piece in value.split(":") if piece in courses), NOTHING)


def _text(name: str, value: Any, courses: Mapping[str, str]) -> str:
    if name in _CODES and isinstance(value, str) and not isinstance(value, Enum):
        return courses.get(value) or _CODES[name](value)
    for kind, text_of in _TEXT_OF:
        if isinstance(value, kind):
            return text_of(value)
    return courses.get(str(value), str(value))


def _roles(codes: str) -> str:
    titles = labels.roles()
    return babel.joined([titles.get(code, code) for code in codes.split()])


def _country(code: str) -> str:
    return country_name(code) if len(code) == COUNTRY else code


def _reach(reach: str) -> str:
    """Return a country; ids mean nothing to a person, and the name of an agency has a column of its own."""
    return country_name(reach) if len(reach) == COUNTRY else NOTHING


def _enum(value: Enum) -> str:
    if type(value) in REPORT_VALUES:
        return str(REPORT_VALUES[type(value)][value])
    return str(OUTCOMES[value]) if isinstance(value, UndoOutcome) else values.enum_label(value)


def _facts(facts: Mapping[str, Any]) -> str:
    """Return facts with their labels, such as "Course: C01"."""
    return babel.joined(
        [
            gettext("%(kind)s: %(title)s", kind=str(FACTS.get(name, name)), title=_fact(name, facts[name]))
            for name in facts
            if facts[name] != "" and name not in UNTOLD
        ]
    )


def _fact(name: str, value: Any) -> str:
    if name == "at":
        return _time(value)
    if name == "dates":
        return babel.joined([_time(day["starts_at"]) for day in value])
    if name in _WORDS:
        return str(_WORDS[name](value))
    return value if isinstance(value, str) else _json(value)


def _time(written: str) -> str:
    return babel.moment(datetime.fromisoformat(written)).striptags()


def _list(values: list[Any]) -> str:
    """Return changes of a sheet as text, any other list as JSON."""
    if not values or not all(map(_is_change, values)):
        return _json(values)
    return "; ".join(map(_change, values))


def _is_change(value: Any) -> bool:
    return isinstance(value, dict) and {"column", "before", "after"} <= value.keys()


def _change(change: Mapping[str, Any]) -> str:
    none = gettext("None")
    return gettext(
        "%(what)s: before %(before)s, now %(now)s",
        what=str(CHANGED.get(change["column"]) or head("", change["column"])),
        before=change["before"] or none,
        now=change["after"] or none,
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()


_CODES: Mapping[str, Callable[[str], str]] = {
    "country": _country,
    "reach": _reach,
    "language": language_name,
    "content_language": language_name,
    "roles": _roles,
    "posting_roles": _roles,
    "role": _roles,
    "agency_kind": labels.agency_kind,
    "decision_reason": decision_reason,
    "reason": decision_reason,
    "thing": lambda thing: str(labels.RECORD_KINDS.get(thing.partition(":")[0], thing)),
}
_WORDS: Mapping[str, Callable[[str], object]] = {
    "country": _country,
    "role": lambda value: ROLES[Role(value)],
    "until": lambda value: babel.words(date.fromisoformat(value)),
    "by": lambda value: babel.words(date.fromisoformat(value)),
    "reason": decision_reason,
    "became": lambda value: BECAME[NoticeResult(value)],
}
# the first that fits: a truth value is a number, too, and a time is a day
_TEXT_OF: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: gettext("Yes") if value else gettext("No")),
    (datetime, babel.moment),
    (date, babel.words),
    (Enum, _enum),
    (dict, _facts),
    (list, _list),
    (float, lambda value: f"{value:.3g}"),
)
