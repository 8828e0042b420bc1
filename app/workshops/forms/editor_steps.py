"""The three steps of the form of an event: which field belongs to which step, and the values of the other steps.

The page shows the fields of one step and carries the others as hidden inputs, so that nothing is stored before the
event is saved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wtforms import Field, SelectMultipleField

from app.web.forms import Form
from app.workshops.domain.drafts import NewWorkshop
from app.workshops.forms import nomination_rules
from app.workshops.forms.editor import DraftForm, DraftRows
from app.workshops.forms.nomination_rules import NominationForm

CONTENT, SESSIONS, SEATS = STEPS = (1, 2, 3)
NEXT, BACK, SAVE = "next", "back", "save"
_SESSION_FIELDS = frozenset({"form", "host_country", "town", "venue", "time_zone"})
_SEAT_FIELDS = frozenset({"booking_until", "capacity", "percent"})
_OWN_INPUTS = frozenset({"csrf_token", "enrolment", "seen", "step", "go"})


def step_of(name: str) -> int:
    """Return the step of a field by its name."""
    if name in _SESSION_FIELDS or name.startswith("session-"):
        return SESSIONS
    if name in _SEAT_FIELDS or name in nomination_rules.FIELDS:
        return SEATS
    return CONTENT


def first_step(problems: Iterable[tuple[str, str]]) -> int:
    """Return the first step with a problem, the last step if no problem names a field."""
    return min((step_of(name) for name, _message in problems), default=SEATS)


def target(step: int, go: str) -> int:
    """Return the step that a button leads to."""
    return max(CONTENT, step - 1) if go == BACK else min(SEATS, step + 1)


def read_step(text: str) -> int:
    """Return a submitted step; the first for anything else."""
    return next((step for step in STEPS if text == str(step)), CONTENT)


@dataclass(frozen=True, slots=True)
class EventParts:
    """The parts of the form of an event; `nomination` is None for open enrolment."""

    form: DraftForm
    rows: DraftRows
    nomination: NominationForm | None

    def is_valid(self) -> bool:
        """Check all parts, and add their errors."""
        well_formed = self.form.validate()
        has_rules = self.nomination is None or self.nomination.validate()
        return self.form.fits(self.rows) and well_formed and has_rules and not self.rows.problems

    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, message) of each problem, after the check."""
        forms = [self.form] if self.nomination is None else [self.form, self.nomination]
        errors = [(name, str(messages[0])) for form in forms for name, messages in form.errors.items() if messages]
        return [*errors, *self.rows.problems]

    def first_problem(self) -> int:
        """Return the first step with a problem."""
        return first_step(self.problems())

    def has_problems_in(self, step: int) -> bool:
        """Return whether a field of this step has a problem."""
        return any(step_of(name) == step for name, _message in self.problems())

    def drop_problems_of_others(self, step: int) -> None:
        """Keep the problems of this step alone: later steps have not been shown yet."""
        self.rows.problems[:] = [line for line in self.rows.problems if step_of(line[0]) == step]
        for field in [*self.form, *(self.nomination or ())]:
            if step_of(field.name) != step:
                field.errors = []

    def draft(self) -> NewWorkshop:
        """Return the event to save."""
        return self.form.draft(self.rows, self.nomination.rules() if self.nomination else None)

    def hidden(self, step: int) -> list[tuple[str, str]]:
        """Return name and value of each field that belongs to another step."""
        values = [*_values(self.form), *(_values(self.nomination) if self.nomination else [])]
        names = _OWN_INPUTS | set(self.form.data) | set(self.nomination.data if self.nomination else ())
        values += [(name, value) for name, value in self.rows.sent.items() if name not in names and value]
        return [(name, value) for name, value in values if step_of(name) != step]


def _values(form: Form) -> list[tuple[str, str]]:
    return [(field.name, value) for field in form for value in _texts(field)]


def _texts(field: Field) -> Sequence[str]:
    """Return the submitted or saved values of a field as texts, as a browser would send them."""
    if isinstance(field, SelectMultipleField):
        return [str(value) for value in field.data or ()]
    if field.raw_data:
        return [str(field.raw_data[0])]
    return [] if field.data is None else [str(field.data)]
