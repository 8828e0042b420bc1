"""Forms of /workshops/<id>/selection: exceptions, admission of a nominee, an observer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext, lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form
from app.workshops.domain.allocation import ExceptionCategory, SeatException

LONGEST = 300
_CHOICES = {"in": True, "out": False}
_CATEGORIES = {category.value: category for category in ExceptionCategory}


class AdmissionForm(Form):
    """Why a nominee who lacks a requirement is admitted."""

    reason = StringField(
        _("Why you admit this officer"),
        [
            DataRequired(_("Say why the nominee is admitted.")),
            Length(max=LONGEST, message=_("Enter at most 300 characters.")),
        ],
        filters=[without_unseen],
    )


class ObserverForm(Form):
    """An observer by alias."""

    alias = StringField(
        _("Alias"), [DataRequired(_("Enter an alias.")), Length(max=80, message=_("Enter at most 80 characters."))]
    )


@dataclass(frozen=True, slots=True)
class SubmittedException:
    """The values of the fields of an exception as they were submitted."""

    choice: str = ""
    category: str = ""
    reason: str = ""


NO_EXCEPTION = SubmittedException()


@dataclass(slots=True)
class ExceptionRows:
    """The exceptions of a form; `sent` has the submitted values by nomination, `problems` the errors."""

    sent: dict[UUID, SubmittedException] = field(default_factory=dict)
    exceptions: list[SeatException] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_exceptions(sent: Mapping[str, str], nominations: Collection[UUID], *, by: UUID) -> ExceptionRows:
    """Read the exceptions of these nominations; each needs a category and a note."""
    rows = ExceptionRows()
    for nomination_id in nominations:
        choice = sent.get(f"exception-{nomination_id}", "")
        if choice not in _CHOICES:
            continue
        category = _CATEGORIES.get(sent.get(f"category-{nomination_id}", ""))
        reason = (without_unseen(sent.get(f"reason-{nomination_id}", "")) or "").strip()
        rows.sent[nomination_id] = SubmittedException(choice, category.value if category else "", reason)
        problems = _problems(nomination_id, category, reason)
        rows.problems.extend(problems)
        if category and not problems:
            rows.exceptions.append(SeatException(nomination_id, _CHOICES[choice], by, category, reason))
    return rows


def _problems(nomination_id: UUID, category: ExceptionCategory | None, reason: str) -> list[tuple[str, str]]:
    problems = []
    if category is None:
        problems.append((f"category-{nomination_id}", gettext("Choose the reason of the exception.")))
    if not reason:
        problems.append((f"reason-{nomination_id}", gettext("Say why a nominee is set in or out.")))
    elif len(reason) > LONGEST:
        problems.append((f"reason-{nomination_id}", gettext("Enter at most 300 characters.")))
    return problems
