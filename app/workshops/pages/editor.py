"""Build the page with the form of an event: choices from the course catalogue, sessions and outcomes as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level
from app.i18n.languages import NAMES, Language, country_name, current, language
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.events import ACTIVE, SessionKind
from app.workshops.forms.editor import OTHERS, OUTCOMES, DraftForm, DraftRows
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.shapes import WorkshopFacts

Pairs = list[tuple[str, str]]
SESSION = ("title", "kind", "day", "starts", "ends")
OUTCOME = ("competency", "level")
FieldGroup = tuple[str, Mapping[str, str]]  # the prefix of the names of the fields, and their submitted values


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage(Page):
    """The form of an event; `heading` is None for a new one, `fingerprint` that of the saved content.

    `problems` are (id of the field, message); a choice is (value, label).
    """

    template: ClassVar[str] = "teaching/draft.html"
    heading: EventHeading | None
    form: DraftForm
    message: str
    fingerprint: str
    problems: Sequence[tuple[str, str]]
    action: str
    is_announced: bool
    sessions: Sequence[FieldGroup]
    session_kinds: Pairs
    outcomes: Sequence[FieldGroup]
    competencies: Pairs
    levels: Pairs
    others: Sequence[tuple[Language, Mapping[str, str]]]


def offers(actor: Actor) -> dict[str, Pairs]:
    """Return the choices of the form."""
    titles = labels.role_names()
    courses = [
        (item.code, f"{item.code} {item.title(learning_pages.shown(item))}") for item in catalogue.all_visible(actor)
    ]
    return {
        "countries": sorted(((code, country_name(code)) for code in accounts.countries()), key=lambda item: item[1]),
        "languages": list(NAMES.items()),
        "courses": courses,
        "roles": [(role.id, titles.get(role.id, role.id)) for role in _framework().roles],
    }


def levels() -> frozenset[str]:
    """Return each competency with each of its levels, as `VIC-02.practitioner`."""
    return frozenset(f"{item.id}.{at}" for item in _framework().competencies for at in item.levels)


def page(form: DraftForm, rows: DraftRows, workshop: WorkshopFacts | None, message: str, fingerprint: str) -> DraftPage:
    """Return the form of an event, or of a new one."""
    return DraftPage(
        heading=event.heading_of(workshop) if workshop else None,
        form=form,
        message=message,
        fingerprint=fingerprint,
        problems=[*_problems(form), *rows.problems],
        action=_action(workshop),
        is_announced=workshop is not None and workshop.state in ACTIVE,
        sessions=[_group(rows, f"session-{number}", SESSION) for number in range(rows.count)],
        session_kinds=[(str(kind), labels.session_kind(kind)) for kind in SessionKind],
        outcomes=[_group(rows, f"outcome-{number}", OUTCOME) for number in range(OUTCOMES)],
        competencies=_competencies(),
        levels=_levels(),
        others=[_translation(rows, code) for code in OTHERS],
    )


def _framework() -> Competencies:
    return catalogue.competencies() or Competencies()


def _competencies() -> Pairs:
    titles = catalogue.competency_titles(current())
    choices = [(item.id, f"{item.id} {titles.get(item.id, '')}") for item in _framework().competencies]
    return [("", _("None")), *choices]


def _levels() -> Pairs:
    return [(str(rule.id), level(rule.id)) for rule in _framework().levels]


def _action(workshop: WorkshopFacts | None) -> str:
    if workshop is None:
        return url_for("workshops.create_workshop")
    return url_for("workshops.update_workshop", workshop_id=workshop.id)


def _problems(form: DraftForm) -> list[tuple[str, str]]:
    return [(name, str(messages[0])) for name, messages in form.errors.items() if messages]


def _group(rows: DraftRows, prefix: str, keys: Sequence[str]) -> FieldGroup:
    return prefix, {key: rows.sent.get(f"{prefix}-{key}", "") for key in keys}


def _translation(rows: DraftRows, code: str) -> tuple[Language, Mapping[str, str]]:
    return language(code), {name: rows.sent.get(f"{name}-{code}", "") for name in ("title", "summary", "practise")}
