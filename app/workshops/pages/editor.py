"""The form of an event: what there is to choose from, and its rows."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level, role_titles
from app.i18n.languages import NAMES, country_name, current, direction
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.workshops import labels
from app.workshops.domain.events import SessionKind, WorkshopState
from app.workshops.forms.editor import OTHERS, OUTCOMES, DraftForm, DraftRows
from app.workshops.shapes import WorkshopFacts

Pairs = list[tuple[str, str]]


def offers(actor: Actor) -> dict[str, Pairs]:
    """Return what the form's lists offer."""
    framework = catalogue.competencies()
    titles = role_titles(framework, current())
    courses = [
        (item.code, f"{item.code} {item.title(learning_pages.shown(item))}") for item in catalogue.all_visible(actor)
    ]
    return {
        "countries": sorted(((code, country_name(code)) for code in accounts.countries()), key=lambda item: item[1]),
        "languages": list(NAMES.items()),
        "courses": courses,
        "roles": [(role.id, titles.get(role.id, role.id)) for role in framework.roles] if framework else [],
    }


def levels() -> frozenset[str]:
    """Return each competency with each of its levels, as `VIC-02.practitioner`."""
    framework = catalogue.competencies()
    return (
        frozenset(f"{item.id}.{at}" for item in framework.competencies for at in item.levels)
        if framework
        else frozenset()
    )


def page(form: DraftForm, rows: DraftRows, workshop: WorkshopFacts | None) -> dict[str, Any]:
    """Return everything but the form's own fields."""
    framework = catalogue.competencies()
    titles = catalogue.competency_titles(current())
    announced = workshop is not None and workshop.state is WorkshopState.ANNOUNCED
    url = (
        url_for("workshops.update_workshop", workshop_id=workshop.id)
        if workshop
        else url_for("workshops.create_workshop")
    )
    return {
        "action": url,
        "announced": announced,
        "sessions": [_session(rows, number) for number in range(rows.count)],
        "kinds": [(str(item), labels.session_kind(item)) for item in SessionKind],
        "outcomes": [_outcome(rows, number) for number in range(OUTCOMES)],
        "competencies": [
            ("", _("None")),
            *(
                (item.id, f"{item.id} {titles.get(item.id, '')}")
                for item in (framework.competencies if framework else ())
            ),
        ],
        "levels": [(str(item.id), level(item.id)) for item in (framework.levels if framework else ())],
        "others": [_other(rows, code) for code in OTHERS],
        "problems": [*_problems(form), *rows.problems],
    }


def _problems(form: DraftForm) -> Sequence[tuple[str, str]]:
    return [(name, str(messages[0])) for name, messages in form.errors.items() if messages]


def _session(rows: DraftRows, number: int) -> dict[str, Any]:
    name = f"session-{number}"
    fields = {key: rows.sent.get(f"{name}-{key}", "") for key in ("title", "kind", "day", "starts", "ends")}
    return {"name": name, "number": number + 1, **fields}


def _outcome(rows: DraftRows, number: int) -> dict[str, Any]:
    name = f"outcome-{number}"
    return {
        "name": name,
        "competency": rows.sent.get(f"{name}-competency", ""),
        "level": rows.sent.get(f"{name}-level", ""),
    }


def _other(rows: DraftRows, code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": NAMES[code],
        "dir": direction(code),
        **{name: rows.sent.get(f"{name}-{code}", "") for name in ("title", "summary", "practise")},
    }
