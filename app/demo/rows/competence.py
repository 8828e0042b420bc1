"""What competence would have made of a life's evidence, worked out by its own rules, as rows by table."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain.assessment import counted_at, rules
from app.competence.domain.evidence import Piece, training_of
from app.competence.domain.history import Rule, step
from app.competence.domain.measure import EDITION, State
from app.competence.events import EvidenceRecorded
from app.competence.service.evidence_records import NewEvidence
from app.demo.rows.bulk_insert import Rows
from app.kernel.events import Event

Heard = tuple[NewEvidence, datetime]
FIRST = date(2000, 1, 1)  # for the day of a first piece, whichever it was


@dataclass(slots=True)
class Proofs:
    """Whoever keeps evidence: the numbers given, and what was worked out before.

    A state hangs on the days between pieces, not on the days themselves, and on the rule, not on the competency: the
    same steps with the same results are worked out once, and so are those that many have begun with.
    """

    framework: Competencies = field(default_factory=lambda: catalogue.competencies() or Competencies())
    next_evidence: int = 1
    rules: dict[tuple[str, Level], tuple[int, Rule]] = field(default_factory=dict)
    numbers: dict[Rule, int] = field(default_factory=dict)
    known: dict[tuple[object, ...], State | None] = field(default_factory=dict)  # as if begun on FIRST

    def write(self, rows: Rows, note: Callable[[Event], None], news: Sequence[Heard]) -> None:
        """Write the evidence on one person, in the order of time, and the states that it leads to.

        Nothing of it was watched, so nobody is verified by it: there is nothing to be held.
        """
        found: dict[tuple[str, Level], list[NewEvidence]] = defaultdict(list)
        for new, at in news:
            if self.framework.get(new.competency) is not None:
                self._record(rows, note, new, at)
                level = counted_at(new.level, _piece(new, 0), rules(self.framework, new.competency))
                found[new.competency, level].append(new)
        for (competency, level), pieces in found.items():
            state = self._state(competency, level, pieces)
            if state is not None:
                rows.add("competence_state", **_columns(pieces[0], level, state))

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
            done_at=at,
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
        """Return the state, as if the first piece were of FIRST."""
        number, rule = self._rule(competency, level)
        moved = FIRST.toordinal() - news[0].day.toordinal()
        key: tuple[object, ...] = (number,)
        state: State | None = None
        for place, new in enumerate(news):
            key = (*key, _facts(new, moved))
            if key not in self.known:
                self.known[key] = step(state, _piece(new, moved), [_piece(one, moved) for one in news[:place]], rule)
            state = self.known[key]
        return state

    def _rule(self, competency: str, level: Level) -> tuple[int, Rule]:
        """Return the rule with a number, the same one for rules that are alike."""
        if (competency, level) not in self.rules:
            rule = rules(self.framework, competency)(level)
            self.rules[competency, level] = self.numbers.setdefault(rule, len(self.numbers)), rule
        return self.rules[competency, level]


def _facts(new: NewEvidence, moved: int) -> tuple[object, ...]:
    """Return all that a state hangs on, the day moved by so many."""
    return (
        new.day.toordinal() + moved, new.kind, new.share, new.mark, new.items, new.trust, new.guess,
        training_of(new.source),
    )  # fmt: skip


def _piece(new: NewEvidence, moved: int) -> Piece:
    return Piece(
        day=date.fromordinal(new.day.toordinal() + moved),
        kind=new.kind,
        share=new.share,
        mark=new.mark,
        items=new.items,
        trust=new.trust,
        guess=new.guess,
        training=training_of(new.source),
    )


def _columns(first: NewEvidence, level: Level, state: State) -> Mapping[str, object]:
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
