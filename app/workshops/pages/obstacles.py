"""Say what an officer lacks for an event with nominations, and what would change it, with the page that does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _, pgettext

from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level
from app.i18n.babel import joined
from app.i18n.languages import current, language
from app.ports import ports
from app.workshops import labels
from app.workshops.domain.eligibility import LASTING, Obstacle, ObstacleKind
from app.workshops.shapes import WorkshopFacts

CourseLinks = Mapping[str, tuple[str, str]]  # title and address by code


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleLine:
    """A requirement that the user lacks: what it is, what changes it, and links as (label, address)."""

    text: str
    remedy: str
    links: Sequence[tuple[str, str]] = ()


def is_lasting(obstacles: Sequence[Obstacle]) -> bool:
    """Return whether an officer cannot remove an obstacle before the event."""
    return any(obstacle.kind in LASTING for obstacle in obstacles)


def lines(
    workshop: WorkshopFacts, obstacles: Sequence[Obstacle], own_roles: Sequence[str], courses: CourseLinks
) -> list[ObstacleLine]:
    """Return a line for each obstacle of the user."""
    return [_line(workshop, obstacle, own_roles, courses) for obstacle in obstacles]


def kinds(names: Sequence[str]) -> str:
    """Return kinds of obstacles as one text, for a decision that stores nothing but the kinds."""
    texts = {
        ObstacleKind.ROLE: _("role"),
        ObstacleKind.COURSES: _("needed courses"),
        ObstacleKind.COMPETENCIES: _("needed competencies"),
        ObstacleKind.SENSITIVITY: _("verified practitioner"),
        ObstacleKind.LANGUAGE: pgettext("requirement", "language"),
        ObstacleKind.OVERLAP: _("another event on the same days"),
    }
    return joined([texts[ObstacleKind(name)] for name in names if name in set(ObstacleKind)])


def other_event(codes: Sequence[str]) -> str:
    """Return in which other events on the same days the user has a seat."""
    return _("You have a seat in another event on the same days: %(codes)s.", codes=joined([*codes]))


def language_missing(codes: Sequence[str]) -> str:
    """Return that the user follows none of the languages of an event."""
    languages = joined([language(code).name for code in codes])
    return _("This event is in: %(languages)s. You follow none of them.", languages=languages)


def competencies_missing(codes: Sequence[str]) -> str:
    """Return of which competencies the user has no valid verification."""
    names = [name for _code, name in _named_competencies(codes)]
    return _("You lack a valid verification: %(competencies)s.", competencies=joined(names))


def _named_competencies(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return each competency with its title and level."""
    titles = catalogue.competency_titles(current())
    pairs = [code.partition(":")[::2] for code in codes]
    return [(code, _competency(titles.get(code, code), at)) for code, at in pairs]


def _line(workshop: WorkshopFacts, obstacle: Obstacle, own_roles: Sequence[str], courses: CourseLinks) -> ObstacleLine:
    lines: Mapping[ObstacleKind, Callable[[], ObstacleLine]] = {
        ObstacleKind.ROLE: lambda: _role(obstacle.codes, own_roles),
        ObstacleKind.COURSES: lambda: _courses(obstacle.codes, courses),
        ObstacleKind.COMPETENCIES: lambda: _competencies(obstacle.codes),
        ObstacleKind.SENSITIVITY: _sensitivity,
        ObstacleKind.LANGUAGE: lambda: _language(workshop),
        ObstacleKind.OVERLAP: lambda: _overlap(obstacle.codes),
    }
    return lines[obstacle.kind]()


def _sensitivity() -> ObstacleLine:
    return ObstacleLine(
        text=_("This event is for verified practitioners."), remedy=_("Your contact point can correct your account.")
    )


def _overlap(codes: Sequence[str]) -> ObstacleLine:
    return ObstacleLine(
        text=other_event(codes),
        remedy=_("Withdraw from it first."),
        links=[(_("My events"), url_for("workshops.show_workshops"))],
    )


def _role(roles: Sequence[str], own_roles: Sequence[str]) -> ObstacleLine:
    own = _("Your role: %(roles)s", roles=labels.audience(own_roles)) if own_roles else _("You have no role yet.")
    event = _("This event is for: %(roles)s.", roles=labels.audience(roles))
    return ObstacleLine(
        text=f"{event} {own}.".replace("..", "."),
        remedy=_("If your role is wrong or has changed, your contact point can change it."),
        links=[(_("See the path of your role"), ports().path_to(Target.PATH))],
    )


def _courses(codes: Sequence[str], courses: CourseLinks) -> ObstacleLine:
    named = [courses.get(code, (code, "")) for code in codes]
    return ObstacleLine(
        text=_("You have not completed: %(courses)s.", courses=joined([name for name, _href in named])),
        remedy=_("Complete it before seats are shared."),
        links=[(_("Complete %(course)s", course=name), href) for name, href in named if href],
    )


def _competencies(codes: Sequence[str]) -> ObstacleLine:
    named = _named_competencies(codes)
    return ObstacleLine(
        text=competencies_missing(codes),
        remedy=_("Get it verified before seats are shared. The page of the competency says how."),
        links=[(_("Open %(title)s", title=name), ports().path_to(Target.COMPETENCY, code)) for code, name in named],
    )


def _competency(title: str, at: str) -> str:
    return pgettext("competency", "%(title)s (%(level)s)", title=title, level=level(Level(at)))


def _language(workshop: WorkshopFacts) -> ObstacleLine:
    return ObstacleLine(
        text=language_missing(workshop.languages),
        remedy=_("Ask your contact point about interpretation, or change your answer."),
    )
