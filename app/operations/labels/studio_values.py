"""Labels of the enum values of `studio`, a package beside this one that it may not import."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

REVISIONS: Mapping[str, LazyString] = {
    "opened": _("Draft opened"),
    "saved": _("Saved"),
    "autosaved": _("Saved automatically"),
    "added": _("Added"),
    "removed": _("Removed"),
    "reordered": _("Order changed"),
    "imported": _("Imported"),
    "restored": _("Earlier version restored"),
    "undone": _("Change undone"),
    "updated": _("Combined with the published version"),
}
REVIEW_STATES: Mapping[str, LazyString] = {
    "in_review": _("In review"),
    "changes_requested": _("Changes requested"),
    "approved": _("Approved"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}
