"""Progress of reassessing all people after a changed framework (`Turn`); `jobs.carry_out` runs it."""

import hashlib
from dataclasses import asdict, dataclass
from uuid import UUID

import msgspec

from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.assessment import rules
from app.competence.domain.evidence import LEVELS
from app.competence.domain.measure import EDITION
from app.competence.models import Turn
from app.db.session import db

ONLY = 1  # the number of the one row


@dataclass(frozen=True, slots=True)
class ReassessmentProgress:
    """The rules of a pending reassessment, and the last person who is done (None: start with the first)."""

    wanted: str
    after: UUID | None


def progress(framework: Competencies) -> ReassessmentProgress | None:
    """Return the pending reassessment by the framework's rules, or None if all results follow from them."""
    wanted = fingerprint(framework)
    row = db.session.get(Turn, ONLY)
    if row is None:
        return ReassessmentProgress(wanted, None)
    if row.done == wanted:
        return None
    return ReassessmentProgress(wanted, row.after if row.wanted == wanted else None)


def record_progress(wanted: str, after: UUID) -> None:
    """Record that everyone up to this person is reassessed."""
    row = _row()
    row.wanted, row.after = wanted, after


def finish(wanted: str) -> None:
    """Record that all results follow from these rules."""
    row = _row()
    row.done, row.wanted, row.after = wanted, wanted, None


def fingerprint(framework: Competencies) -> str:
    """Return a hash of all parameters that states and dates depend on, and of nothing else."""
    lines = [
        (EDITION, entry.id, level, asdict(rule.parameters), sorted(rule.verified_by), sorted(rule.evidence))
        for entry in sorted(framework.competencies, key=lambda entry: entry.id)
        for level in LEVELS
        for rule in [rules(framework, entry.id)(level)]
    ]
    return hashlib.sha256(msgspec.json.encode(lines, order="deterministic")).hexdigest()


def _row() -> Turn:
    row = db.session.get(Turn, ONLY)
    if row is None:
        row = Turn(id=ONLY, done="", wanted="")
        db.session.add(row)
    return row
