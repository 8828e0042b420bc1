"""Labels of competencies: titles of the framework, levels, kinds of evidence, chances, stages of training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _, pgettext

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.texts import Text
from app.competence.domain import display
from app.competence.domain.display import Likelihood, TrainingStage
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.statuses import VerificationStatus
from app.competence.shapes import CompetencyStatus
from app.i18n.languages import current
from app.i18n.stored_translations import SOURCE, TranslatedText

COUNTED = (VerificationStatus.VERIFIED, VerificationStatus.DUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedSummary:
    """How many needs are verified, due and lapsed; `nodes` draw the same."""

    of: int
    verified: int
    due: int
    lapsed: int
    nodes: Sequence[str]


def text(framework: Competencies, name: str, language: str = "") -> tuple[Text | None, str]:
    """Return the text of an area, role, level or competency in the user's language or the source's, and which."""
    for code in (language or current(), SOURCE):
        entry = framework.texts[code].get(name) if code in framework.texts else None
        if entry is not None and entry.title:
            return entry, code
    return None, SOURCE


def title(framework: Competencies, name: str) -> TranslatedText:
    """Return a title, or the id where there is none."""
    entry, code = text(framework, name)
    return TranslatedText(entry.title if entry else name, code)


def level(value: Level) -> str:
    """Return a level in words."""
    return {
        Level.FOUNDATION: _("Foundation level"),
        Level.PRACTITIONER: _("Practitioner level"),
        Level.SPECIALIST: _("Specialist level"),
    }[value]


def row(line: CompetencyStatus, framework: Competencies) -> dict[str, Any]:
    """Return a competency for a list: title with its language, level, state, dates."""
    named = title(framework, line.competency)
    return {
        "id": line.competency,
        "name": named.text,
        "lang": named.lang,
        "dir": named.dir,
        "level": level(line.needed or line.level),
        "needed": line.needed is not None,
        "by_name": line.by_name,
        **dates(line.status, line.until),
    }


def dates(status: VerificationStatus, until: date | None) -> dict[str, Any]:
    """Return state and dates for the template component of competency states."""
    lapsed_on = until + timedelta(days=1) if until is not None and status is VerificationStatus.LAPSED else None
    return {"state": str(status), "until": until, "lapsed_on": lapsed_on}


def kind(value: EvidenceKind) -> str:
    """Return the label of a kind of evidence."""
    return {
        EvidenceKind.MODULE: _("Course completed"),
        EvidenceKind.REFRESHER: _("Course repeated"),
        EvidenceKind.QUIZ: _("Test of a course"),
        EvidenceKind.REVIEW: _("Practice"),
        EvidenceKind.CHECK: _("Watched check"),
        EvidenceKind.SURPRISE: _("Surprise check"),
        EvidenceKind.SCENARIO: _("Case"),
        EvidenceKind.WORKSHOP: _("Scoring by an assessor"),
        EvidenceKind.DESK_TASK: _("Desk task, scored by an assessor"),
        EvidenceKind.SUPERVISOR: _("Report of a supervisor"),
        EvidenceKind.CLAIM: _("Earlier skill, endorsed"),
        EvidenceKind.VOID: _("Correction"),
    }[value]


def likelihood(chance: float) -> str:
    """Return a chance in words."""
    return {
        Likelihood.VERY_LIKELY: _("very likely"),
        Likelihood.LIKELY: _("likely"),
        Likelihood.OPEN: pgettext("chance", "open"),
        Likelihood.UNLIKELY: _("unlikely"),
    }[display.likelihood(chance)]


def percent(chance: float) -> str:
    """Return a chance as a number: never 0 and never 100."""
    rounded = round(chance * 100)
    if rounded >= 100:
        return _("over 99 %")
    return _("under 1 %") if rounded < 1 else _("%(percent)s %%", percent=rounded)


def stage(value: TrainingStage) -> str:
    """Return the label of a stage of training."""
    return {
        TrainingStage.COURSE_BEGUN: _("Course begun."),
        TrainingStage.TEST_PASSED: _("Course completed, test passed, not observed yet."),
        TrainingStage.WATCHED: _("Observed, mark not reached yet."),
    }[value]


def verified_by(framework: Competencies, level: Level) -> str:
    """Return in a sentence who can verify a level."""
    rule = next((level_rule for level_rule in framework.levels if level_rule.id is level), None)
    ways = frozenset(rule.verified_by) if rule else frozenset()
    if "two_assessors" in ways:
        return _("Two assessors from two countries verify this level.")
    if "watched_check" in ways:
        return _("A watched check or an assessor verifies this level.")
    return _("An assessor who scores your practice verifies this level.")


def months(framework: Competencies, competency: str) -> int:
    """Return the longest validity after a watched check, in months."""
    entry = framework.get(competency)
    return entry.months if entry else 12


def role_titles(framework: Competencies | None, language: str) -> Mapping[str, str]:
    """Return the titles of the framework's roles in a language, or the source's."""
    if framework is None:
        return {}
    return {role.id: entry.title for role in framework.roles if (entry := text(framework, role.id, language)[0])}


def meaning(framework: Competencies, name: str, at: Level) -> str:
    """Return the description of a competency at a level, empty without a text."""
    entry, _code = text(framework, name)
    return entry.parts.get(str(at), "") if entry else ""


def summary(needed: Sequence[CompetencyStatus]) -> NeedSummary:
    """Return how many needs are verified, due and lapsed, with the nodes of their drawing."""
    count = {state: sum(1 for line in needed if line.status is state) for state in VerificationStatus}
    met = sum(count[state] for state in COUNTED)
    under_way = min(1, count[VerificationStatus.IN_TRAINING])
    nodes = ["done"] * met + ["here"] * under_way + [""] * (len(needed) - met - under_way)
    return NeedSummary(
        of=len(needed),
        verified=met,
        due=count[VerificationStatus.DUE],
        lapsed=count[VerificationStatus.LAPSED],
        nodes=nodes,
    )
