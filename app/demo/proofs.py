"""What competence would have made of a life's evidence, worked out by its own rules, as rows by table."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from app.catalogue import queries as catalogue
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.evidence import Piece, training_of
from app.competence.domain.history import Rule, replay
from app.competence.domain.measure import State
from app.competence.domain.reckoning import rules
from app.competence.events import EvidenceRecorded
from app.competence.service import NewEvidence
from app.demo.rows import Rows
from app.kernel.events import Event

Heard = tuple[NewEvidence, datetime]


@dataclass(slots=True)
class Proofs:
    """Whoever keeps evidence: the numbers given, and what was worked out before.

    A state hangs on the days between pieces, not on the days themselves: the same course taken in the same steps, with
    the same results, is worked out once.
    """

    framework: Competencies = field(default_factory=lambda: catalogue.competencies() or Competencies())
    next_evidence: int = 1
    known: dict[tuple[object, ...], State | None] = field(default_factory=dict)

    def write(self, rows: Rows, note: Callable[[Event], None], news: Sequence[Heard]) -> None:
        """Write the evidence on one person, in the order of time, and the states that it leads to.

        Nothing of it was watched, so nobody is verified by it: there is nothing to be held.
        """
        found: dict[tuple[str, Level], list[NewEvidence]] = defaultdict(list)
        for new, at in news:
            if self.framework.get(new.competency) is not None:
                self._record(rows, note, new, at)
                found[new.competency, new.level].append(new)
        for (competency, level), pieces in found.items():
            state = self._state(competency, level, pieces)
            if state is not None:
                rows.add("competence_state", **_columns(pieces[0].person_id, competency, level, state))

    def _record(self, rows: Rows, note: Callable[[Event], None], new: NewEvidence, at: datetime) -> None:
        number, self.next_evidence = self.next_evidence, self.next_evidence + 1
        rows.add(
            "evidence",
            id=number,
            person_id=new.person_id,
            competency=new.competency,
            level=new.level,
            day=new.day,
            kind=new.kind,
            share=new.share,
            mark=new.mark,
            items=new.items,
            trust=new.trust,
            watched=new.watched,
            guess=new.guess,
            source=new.source,
            recorded_at=at,
        )
        note(
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

    def _state(self, competency: str, level: Level, news: Sequence[NewEvidence]) -> State | None:
        first = news[0].day.toordinal()
        key = (competency, level, *(_facts(new, first) for new in news))
        if key not in self.known:
            state = _worked_out([_piece(new) for new in news], rules(self.framework, competency)(level))
            self.known[key] = None if state is None else replace(state, last=state.last - first)
        found = self.known[key]
        return None if found is None else replace(found, last=found.last + first)


def _worked_out(pieces: Sequence[Piece], rule: Rule) -> State | None:
    return replay(pieces, rule)[-1].state


def _facts(new: NewEvidence, first: int) -> tuple[object, ...]:
    """Return all that a state hangs on, the day counted from the first piece's."""
    return (
        new.day.toordinal() - first, new.kind, new.share, new.mark, new.items, new.trust, new.guess,
        training_of(new.source),
    )  # fmt: skip


def _piece(new: NewEvidence) -> Piece:
    return Piece(
        day=new.day,
        kind=new.kind,
        share=new.share,
        mark=new.mark,
        items=new.items,
        trust=new.trust,
        guess=new.guess,
        training=training_of(new.source),
    )


def _columns(person_id: UUID, competency: str, level: Level, state: State) -> Mapping[str, object]:
    return {
        "person_id": person_id,
        "competency": competency,
        "level": level,
        "mu": state.mu,
        "var": state.var,
        "du": state.du,
        "uvar": state.uvar,
        "peak": state.peak,
        "trained": state.trained,
        "last_on": date.fromordinal(state.last),
    }
