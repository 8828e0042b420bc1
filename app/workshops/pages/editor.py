"""Build the page with the form of an event: choices from the course catalogue, sessions and outcomes as rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from babel.core import get_global
from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level
from app.i18n.languages import NAMES, Language, country_name, current, language
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.events import PUBLISHED, EnrolmentMode, SessionKind
from app.workshops.forms import editor_steps
from app.workshops.forms.editor import OTHERS, OUTCOMES, DraftForm, DraftRows
from app.workshops.forms.editor_start import StartForm
from app.workshops.forms.editor_steps import EventParts
from app.workshops.forms.nomination_rules import NominationForm
from app.workshops.pages import event, selection_texts
from app.workshops.pages.event import EventHeading
from app.workshops.pages.participation import RouteStep
from app.workshops.shapes import WorkshopFacts

Pairs = list[tuple[str, str]]
SESSION = ("title", "kind", "day", "starts", "ends", "room", "link", "language")
OUTCOME = ("competency", "level")
FieldGroup = tuple[str, Mapping[str, str]]  # the prefix of the names of the fields, and their submitted values


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentChoice:
    """A way of enrolment; `href` is the form for it, empty for the chosen one and where it is fixed."""

    name: str
    sub: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage(Page):
    """The form of an event; `heading` is None for a new one, `fingerprint` that of the saved content.

    `problems` are (id of the field, message); a choice is (value, label). `nomination` has the rules of a nominated
    event, and `sum_line` says how they share the seats, or is empty. The page shows the fields of one `step`; `hidden`
    are name and value of the others. `start` is the form to begin with a template, for a new event.
    """

    template: ClassVar[str] = "teaching/draft.html"
    heading: EventHeading | None
    form: DraftForm
    message: str
    fingerprint: str
    problems: Sequence[tuple[str, str]]
    action: str
    is_announced: bool
    enrolment: str
    enrolments: Sequence[EnrolmentChoice]
    nomination: NominationForm | None
    sum_line: str
    sessions: Sequence[FieldGroup]
    session_kinds: Pairs
    outcomes: Sequence[FieldGroup]
    competencies: Pairs
    levels: Pairs
    others: Sequence[tuple[Language, Mapping[str, str]]]
    session_languages: Pairs
    step: int
    route: Sequence[RouteStep]
    hidden: Sequence[tuple[str, str]]
    start: StartForm | None


def offers(actor: Actor, workshop: WorkshopFacts | None) -> dict[str, Pairs]:
    """Return the choices of the form; those of a saved event are among them."""
    titles = labels.role_names()
    return {
        "countries": countries(),
        "zones": _zones(workshop),
        "activities": _activities(workshop),
        "languages": list(NAMES.items()),
        "courses": _courses(actor, workshop.prerequisites if workshop else ()),
        "roles": [(role.id, titles.get(role.id, role.id)) for role in _framework().roles],
        "levels": _needed_levels(),
    }


def _courses(actor: Actor, chosen: Collection[str]) -> Pairs:
    """Return all published courses by code, and chosen ones; one that the user may not read has its code alone."""
    titles = {item.code: item.title(learning_pages.shown(item)) for item in catalogue.all_visible(actor)}
    codes = sorted({*titles, *catalogue.published_codes(), *chosen})
    return [(code, f"{code} {titles.get(code, '')}".strip()) for code in codes]


def levels() -> frozenset[str]:
    """Return each competency with each of its levels, as `VIC-02.practitioner`."""
    return frozenset(f"{item.id}.{at}" for item in _framework().competencies for at in item.levels)


def countries() -> Pairs:
    """Return the member countries by name."""
    return sorted(((code, country_name(code)) for code in accounts.countries()), key=lambda item: item[1])


def _needed_levels() -> Pairs:
    titles = catalogue.competency_titles(current())
    pairs = [
        (f"{item.id}:{at}", f"{item.id} {titles.get(item.id, '')}: {level(at)}")
        for item in _framework().competencies
        for at in item.levels
    ]
    return [("", _("None")), *pairs]


def page(
    parts: EventParts,
    workshop: WorkshopFacts | None,
    step: int,
    *,
    message: str,
    fingerprint: str,
    start: StartForm | None,
) -> DraftPage:
    """Return a step of the form of an event, or of a new one."""
    form, rows, nomination = parts.form, parts.rows, parts.nomination
    return DraftPage(
        heading=event.heading_of(workshop) if workshop else None,
        form=form,
        message=message,
        fingerprint=fingerprint,
        problems=parts.problems(),
        action=_action(workshop),
        is_announced=is_announced(workshop),
        enrolment=str(_mode(nomination)),
        enrolments=_enrolments(workshop, _mode(nomination), start),
        nomination=nomination,
        sum_line=_sum_line(form, nomination),
        sessions=[_group(rows, f"session-{number}", SESSION) for number in range(rows.count)],
        session_kinds=[(str(kind), labels.session_kind(kind)) for kind in SessionKind],
        outcomes=[_group(rows, f"outcome-{number}", OUTCOME) for number in range(OUTCOMES)],
        competencies=_competencies(),
        levels=_levels(),
        others=[_translation(rows, code) for code in OTHERS],
        session_languages=[("", _("As the event")), *NAMES.items()],
        step=step,
        route=_route(step),
        hidden=parts.hidden(step),
        start=start,
    )


def _route(current: int) -> list[RouteStep]:
    """Return the steps of the form; those before the current one are done."""
    names = {
        editor_steps.CONTENT: _("What and for whom"),
        editor_steps.SESSIONS: _("Where and when"),
        editor_steps.SEATS: _("Seats"),
    }
    nodes = {step: "done" if step < current else "" for step in names} | {current: "here"}
    return [RouteStep(name=name, small="", node=nodes[step]) for step, name in names.items()]


def is_announced(workshop: WorkshopFacts | None) -> bool:
    """Return whether an event is announced, so that its enrolment is fixed."""
    return workshop is not None and workshop.state in PUBLISHED


def _mode(nomination: NominationForm | None) -> EnrolmentMode:
    return EnrolmentMode.OPEN if nomination is None else EnrolmentMode.NOMINATED


def _enrolments(
    workshop: WorkshopFacts | None, chosen: EnrolmentMode, start: StartForm | None
) -> list[EnrolmentChoice]:
    if is_announced(workshop):
        return []
    endpoint = "workshops.edit_workshop" if workshop else "workshops.new_workshop"
    workshop_id = workshop.id if workshop else None
    started = start.chosen() if start else {}
    texts = {
        EnrolmentMode.OPEN: (_("Officers book"), _("First come, first served, with a waiting list.")),
        EnrolmentMode.NOMINATED: (_("Countries nominate"), _("Seats are shared among the countries by a rule.")),
    }
    return [
        EnrolmentChoice(
            name=name,
            sub=sub,
            href="" if mode is chosen else _form_address(endpoint, workshop_id, {**started, "enrolment": str(mode)}),
            is_chosen=mode is chosen,
        )
        for mode, (name, sub) in texts.items()
    ]


def _form_address(endpoint: str, workshop_id: UUID | None, values: Mapping[str, str]) -> str:
    """Return the address of the form; `values` are what the form begins with."""
    return f"{url_for(endpoint, workshop_id=workshop_id)}?{urlencode(values)}"


def _sum_line(form: DraftForm, nomination: NominationForm | None) -> str:
    """Return how the seats of a nominated event are shared, or "" without both numbers."""
    if nomination is None:
        return ""
    guaranteed, capacity = nomination.guaranteed.data, form.capacity.data
    if guaranteed is None or capacity is None:
        return ""
    countries = len(nomination.countries.data or nomination.countries.pairs)
    return selection_texts.sum_line(countries=countries, guaranteed=guaranteed, capacity=capacity)


def _zones(workshop: WorkshopFacts | None) -> Pairs:
    """Return the time zones of the member countries and UTC, and that of a saved event."""
    zones = get_global("territory_zones")
    pairs = [(zone, f"{name}: {zone}") for code, name in countries() for zone in zones.get(code, ())]
    pairs.append(("UTC", "UTC"))
    if workshop and workshop.time_zone not in dict(pairs):
        pairs.append((workshop.time_zone, workshop.time_zone))
    return pairs


def _activities(workshop: WorkshopFacts | None) -> Pairs:
    """Return the activities of the plan, and that of a saved event."""
    plan = catalogue.plan()
    pairs = [("", _("None"))]
    if plan is not None:
        pairs += [(activity.id, _activity_title(plan, activity.id)) for activity in plan.activity]
    if workshop and workshop.activity not in dict(pairs):
        pairs.append((workshop.activity, workshop.activity))
    return pairs


def _activity_title(plan: Plan, activity: str) -> str:
    """Return the code of an activity with its title in the user's language, or the source's."""
    for code in (current(), labels.SOURCE_LANGUAGE):
        text = plan.texts[code].get(activity) if code in plan.texts else None
        if text is not None:
            return f"{activity} {text.title}"
    return activity


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


def _group(rows: DraftRows, prefix: str, keys: Sequence[str]) -> FieldGroup:
    return prefix, {key: rows.sent.get(f"{prefix}-{key}", "") for key in keys}


def _translation(rows: DraftRows, code: str) -> tuple[Language, Mapping[str, str]]:
    return language(code), {name: rows.sent.get(f"{name}-{code}", "") for name in ("title", "summary", "practise")}
