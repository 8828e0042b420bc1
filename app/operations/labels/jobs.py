"""Labels of jobs for `/operations`; the names in `app.schedule` are for the console and the logs."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

# by the name in the schedule; a test checks that none is missing
JOBS: Mapping[str, LazyString] = {
    "hand in at end of time": _("Submit tests whose time is over"),
    "grade again after corrected keys": _("Grade tests again after a corrected answer"),
    "send mail": _("Send mail"),
    "answer who asks for a link": _("Answer requests for a new password"),
    "carry out proposed roles": _("Carry out proposed roles"),
    "queue the mail of the week": _("Write the mail of the week"),
    "queue the mails of near dates": _("Write the mails about near dates"),
    "sum up what officers can do": _("Sum up what officers can do"),
    "carry out a changed framework": _("Carry out a changed framework"),
    "remind of what ends": _("Remind officers of what ends soon"),
    "record results of desk tasks": _("Record the results of desk tasks"),
    "remind assessors of desk tasks": _("Notify assessors of desk tasks to mark"),
    "end reminders": _("End reminders that are answered or over"),
    "notify of due courses": _("Notify officers of courses that are due"),
    "count what is due in the plan": _("Count what is due in the plan"),
    "make reports": _("Make reports"),
    "request scheduled reports": _("Request the reports of schedules"),
    "delete old reports": _("Delete reports older than 24 months"),
    "close sittings left open": _("Close watched sittings that were left open"),
    "draw surprise checks": _("Draw officers for surprise checks"),
    "recalculate completion": _("Recalculate completion of courses"),
    "check what must hold": _("Check the figures of the plan"),
    "derive the times of events": _("Calculate the dates of workshops"),
    "give on the seats of who left": _("Pass on the seats of people who left"),
    "settle offers of seats": _("Settle offers of seats"),
    "evaluate events": _("Open and close evaluations of events"),
    "follow up events": _("Open and close follow-ups of events"),
    "delete answers of past nominees": _("Delete answers of past nominees"),
    "delete needs and travel of past events": _("Delete needs and travel dates of past events"),
    "delete files of events": _("Delete expired files of events"),
    "remind of open attendance": _("Remind trainers of open attendance"),
    "delete signed lists of national sessions": _("Delete signed lists of national sessions after a year"),
    "let go who leaves": _("Close the accounts of people who leave"),
    "forget who left long ago": _("Erase the names of people who left long ago"),
    "reduce old tests to results": _("Reduce old tests to their results"),
    "reduce old cases to results": _("Reduce old cases to their results"),
    "forget old practice": _("Delete old practice"),
    "delete old visits to lessons": _("Delete old visits to lessons"),
    "make smaller videos": _("Make smaller variants of videos"),
    "move media out of the database": _("Move large media out of the database"),
    "delete old files of drafts": _("Delete old files of course drafts"),
    "count flagged questions": _("Count questions with flags"),
    "end completions on their day": _("End completions of courses"),
    "delete old save counts": _("Delete old counts of saved answers"),
    "forget old notices and mails": _("Delete old notices and mails"),
    "forget ended sessions": _("Delete sessions that ended"),
    "forget checked sheets": _("Delete checked sheets"),
    "delete checked sheets of values": _("Delete checked sheets of values"),
    "sign the trail": _("Sign the audit log"),
    "back up the site": _("Back up the site"),
    "load the starter courses": _("Load the starter courses"),
    "verify the trail": _("Verify the audit log"),
}


def job_name(name: str) -> str:
    """Return the label of a job, or its name if it has no label."""
    return str(JOBS[name]) if name in JOBS else name
