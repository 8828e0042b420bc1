"""Rows of evidence and competency states, by the rules of `competence`; for `flask populate`."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain.assessment import counted_at, rules
from app.competence.domain.evidence import Piece, training_of
from app.competence.domain.history import CompetencyRule, next_state
from app.competence.domain.measure import EDITION, SkillState
from app.competence.events import EvidenceRecorded
from app.competence.queries import rule_inputs
from app.competence.service.evidence_records import NewEvidence
from app.demo.rows.bulk_insert import Rows, values_of
from app.kernel.events import Event

DatedEvidence = tuple[NewEvidence, datetime]
FIRST = date(2000, 1, 1)  # replaces the day of a first piece of evidence


@dataclass(slots=True)
class EvidenceRows:
    """The next number of evidence, and a cache of states.

    A state depends on the days between pieces of evidence and on the rule, not on dates and the competency, so the
    same sequence of pieces is calculated once for all people.
    """

    framework: Competencies = field(default_factory=lambda: catalogue.competencies() or Competencies())
    next_evidence: int = 1
    rules: dict[tuple[str, Level], tuple[int, CompetencyRule]] = field(default_factory=dict)
    numbers: dict[CompetencyRule, int] = field(default_factory=dict)
    states: dict[tuple[object, ...], SkillState | None] = field(default_factory=dict)  # with FIRST as the first day

    def write(self, rows: Rows, add_event: Callable[[Event], None], evidence: Sequence[DatedEvidence]) -> None:
        """Write the evidence of one person, in the order of time, and the resulting states.

        No evidence is watched, so there are no periods of verification to write.
        """
        by_level: dict[tuple[str, Level], list[NewEvidence]] = defaultdict(list)
        for new, at in evidence:
            if self.framework.get(new.competency) is not None:
                self._record(rows, add_event, new, at)
                level = counted_at(new.level, _piece(new, 0), rules(self.framework, new.competency))
                by_level[new.competency, level].append(new)
        for (competency, level), pieces in by_level.items():
            state = self._state(competency, level, pieces)
            if state is not None:
                rows.add("competence_state", **_columns(pieces[0], level, state))

    def _record(self, rows: Rows, add_event: Callable[[Event], None], new: NewEvidence, at: datetime) -> None:
        number, self.next_evidence = self.next_evidence, self.next_evidence + 1
        rows.add("evidence", **values_of(new) | {"id": number, "done_at": at, "recorded_at": at})
        add_event(
            EvidenceRecorded(
                at=at,
                actor_id=new.person_id,
                evidence=number,
                person_id=new.person_id,
                competency=new.competency,
                level=new.level,
                kind=new.kind,
                day=new.day,
            )
        )

    def _state(self, competency: str, level: Level, pieces: Sequence[NewEvidence]) -> SkillState | None:
        """Return the state, with FIRST as the day of the first piece."""
        number, rule = self._rule(competency, level)
        moved = FIRST.toordinal() - pieces[0].day.toordinal()
        key: tuple[object, ...] = (number,)
        state: SkillState | None = None
        for index, new in enumerate(pieces):
            key = (*key, _facts(new, moved))
            if key not in self.states:
                self.states[key] = next_state(
                    state, _piece(new, moved), [_piece(earlier, moved) for earlier in pieces[:index]], rule
                )
            state = self.states[key]
        return state

    def _rule(self, competency: str, level: Level) -> tuple[int, CompetencyRule]:
        """Return the rule and its number, the same number for equal rules."""
        if (competency, level) not in self.rules:
            rule = rules(self.framework, competency)(level)
            self.rules[competency, level] = self.numbers.setdefault(rule, len(self.numbers)), rule
        return self.rules[competency, level]


def _facts(new: NewEvidence, moved: int) -> tuple[object, ...]:
    """Return all values that a state depends on, with the day moved by a number of days."""
    return (
        new.day.toordinal() + moved, new.kind, new.share, new.mark, new.items, new.trust, new.guess,
        training_of(new.source),
    )  # fmt: skip


def _piece(new: NewEvidence, moved: int) -> Piece:
    return replace(rule_inputs.piece(new), day=date.fromordinal(new.day.toordinal() + moved))


def _columns(first: NewEvidence, level: Level, state: SkillState) -> Mapping[str, object]:
    return {
        "person_id": first.person_id,
        "competency": first.competency,
        "level": level,
        "mu": state.mu,
        "var": state.var,
        "du": state.du,
        "uvar": state.uvar,
        "peak": state.peak,
        "trained": state.trained,
        "last_on": first.day + (date.fromordinal(state.last) - FIRST),
        "edition": EDITION,
    }
