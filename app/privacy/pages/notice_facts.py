"""Labels of the facts of notices and mails, for `columns`."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

FACTS: Mapping[str, LazyString] = {
    "course": _("Course"),
    "workshop": _("Event"),
    "competency": _("Competency"),
    "count": _("How many"),
    "at": _("When"),
    "dates": _("Dates"),
    "link": _("Link"),
    "change": _("Change of the address"),
    "side": _("Mailbox"),
    "country": _("Country"),
    "role": _("Role at the academy"),
    "until": _("Until"),
    "reason": _("Reason"),
    "subject": _("Subject"),
    "text": _("Message"),
    "day": _("Day"),
    "by": _("Answer wanted by"),
    "became": _("What became of it"),
}
