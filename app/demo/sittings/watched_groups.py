"""Checks of groups by four invigilators; the results of one lie above what chance allows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.competence.queries import competencies
from app.demo.cast import roster
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings import watched_rows
from app.demo.sittings.programme import INVIGILATORS, OUTLIER
from app.demo.sittings.watched_rows import QuestionSitting
from app.kernel import clock

CHECKED = ("LRE-01", "LRE-02")  # with enough reserve questions; the law course teaches them
DAY, BETWEEN = -42, timedelta(days=2)  # of the first invigilator; until the next one
OFFICERS, FEWEST = 15, 10  # of each invigilator; fewer invigilators watch where there are not enough officers

CORRECT, ALL_CORRECT = (6, 7, 7, 8, 8, 9, 10, 11), (11, 12, 12)


def actions(
    office: DemoStaff, officers: Sequence[DemoOfficer], verified: Sequence[DemoOfficer]
) -> Iterator[TimedAction]:
    """Return the checks. Their officers are chosen when they run, from those who completed the course.

    The `verified` are checked by the invigilator whose officers all pass.
    """
    at = office.at(DAY)
    yield TimedAction(at, None, partial(_check, office, officers, verified, at))


def _check(office: DemoStaff, officers: Sequence[DemoOfficer], verified: Sequence[DemoOfficer], now: datetime) -> None:
    trained = [officer for officer in officers if _is_trained(officer.id, now)][: OFFICERS * len(INVIGILATORS)]
    count = len(trained) + len(verified)
    groups = max(2, min(len(INVIGILATORS), count // FEWEST))
    size = -(-count // groups)
    homes = {player.alias: player.country for player in roster.staff()}
    for number, alias in enumerate(INVIGILATORS[:groups]):
        trained.sort(key=lambda officer: officer.player.country != homes[alias])
        also = list(verified) if alias == OUTLIER else []
        own, trained = trained[: size - len(also)], trained[size - len(also) :]
        _hold(office, alias, [*own, *also], now + BETWEEN * number)


def _is_trained(person_id: UUID, now: datetime) -> bool:
    days = [line.day for line in competencies.evidence_of(person_id, CHECKED[0])]
    return bool(days) and min(days) < now.date()


def _hold(office: DemoStaff, alias: str, group: Sequence[DemoOfficer], at: datetime) -> None:
    """Write one sitting for each country of the officers."""
    dice = Random(alias)  # noqa: S311 - invented results
    scores = ALL_CORRECT if alias == OUTLIER else CORRECT
    by_country: dict[str, dict[UUID, Mapping[str, int]]] = {}
    for officer in group:
        correct = {name: dice.choice(scores) for name in CHECKED}
        by_country.setdefault(officer.player.country, {})[officer.id] = correct
    for number, (country, correct_answers) in enumerate(sorted(by_country.items())):
        begins = at + timedelta(minutes=number)
        watched_rows.write(
            QuestionSitting(
                key=f"{alias} {country}",
                country=country,
                at=min(begins, clock.now() + timedelta(days=9)),
                location="Training room (fictional)",
                watchers=(office.staff[alias],),
                correct=correct_answers,
            )
        )
