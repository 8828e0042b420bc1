"""Whether an officer may take part in a nominated event: every obstacle, and what would remove it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.access.policy import Sensitivity
from app.workshops.domain.events import is_for
from app.workshops.domain.nominations import LanguageLevel


class ObstacleKind(StrEnum):
    ROLE = "role"
    COURSES = "courses"
    COMPETENCIES = "competencies"
    SENSITIVITY = "sensitivity"
    LANGUAGE = "language"
    OVERLAP = "overlap"


class Remedy(StrEnum):
    """What would remove an obstacle."""

    SERVE_IN_ROLE = "serve_in_role"  # the contact point corrects the service, or the event admits the officer
    COMPLETE_COURSES = "complete_courses"
    VERIFY_COMPETENCIES = "verify_competencies"
    BECOME_PRACTITIONER = "become_practitioner"
    LEARN_LANGUAGE = "learn_language"  # or interpretation is arranged
    WITHDRAW_FROM_OTHER = "withdraw_from_other"


REMEDIES = {
    ObstacleKind.ROLE: Remedy.SERVE_IN_ROLE,
    ObstacleKind.COURSES: Remedy.COMPLETE_COURSES,
    ObstacleKind.COMPETENCIES: Remedy.VERIFY_COMPETENCIES,
    ObstacleKind.SENSITIVITY: Remedy.BECOME_PRACTITIONER,
    ObstacleKind.LANGUAGE: Remedy.LEARN_LANGUAGE,
    ObstacleKind.OVERLAP: Remedy.WITHDRAW_FROM_OTHER,
}
# an officer cannot remove these before the event: interest is refused
LASTING = frozenset({ObstacleKind.ROLE, ObstacleKind.SENSITIVITY})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A requirement that an officer lacks; `codes` are the roles, courses, competencies, languages or events."""

    kind: ObstacleKind
    codes: tuple[str, ...] = ()

    @property
    def remedy(self) -> Remedy:
        """Return what would remove the obstacle."""
        return REMEDIES[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What an event requires; `competencies` are pairs such as ONL-07:foundation."""

    roles: tuple[str, ...]
    courses: tuple[str, ...]
    competencies: tuple[str, ...]
    sensitivity: Sensitivity
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerQualifications:
    """What an officer has; `overlapping` are the codes of other events with a seat on the same days."""

    is_practitioner: bool
    roles: Collection[str]
    courses: Collection[str]
    competencies: Collection[str]
    language: str
    language_level: LanguageLevel | None
    overlapping: tuple[str, ...]


def obstacles(event: Requirements, officer: OfficerQualifications) -> list[Obstacle]:
    """Return every obstacle of an officer, none if the officer is eligible."""
    return [
        obstacle
        for obstacle in (
            _role(event, officer),
            _missing(ObstacleKind.COURSES, event.courses, officer.courses),
            _missing(ObstacleKind.COMPETENCIES, event.competencies, officer.competencies),
            _sensitivity(event, officer),
            _language(event, officer),
            _missing(ObstacleKind.OVERLAP, officer.overlapping, ()),
        )
        if obstacle is not None
    ]


def _role(event: Requirements, officer: OfficerQualifications) -> Obstacle | None:
    return None if is_for(event.roles, officer.roles) else Obstacle(ObstacleKind.ROLE, event.roles)


def _missing(kind: ObstacleKind, needed: tuple[str, ...], has: Collection[str]) -> Obstacle | None:
    missing = tuple(code for code in needed if code not in has)
    return Obstacle(kind, missing) if missing else None


def _sensitivity(event: Requirements, officer: OfficerQualifications) -> Obstacle | None:
    # the material of an event for participants becomes readable with the seat
    restricted = event.sensitivity is not Sensitivity.UNRESTRICTED
    return Obstacle(ObstacleKind.SENSITIVITY) if restricted and not officer.is_practitioner else None


def _language(event: Requirements, officer: OfficerQualifications) -> Obstacle | None:
    follows = officer.language in event.languages or officer.language_level is not LanguageLevel.NONE
    return None if follows else Obstacle(ObstacleKind.LANGUAGE, event.languages)
