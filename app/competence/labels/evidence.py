"""Lines of evidence on `/path/<competency>`: result and pass mark, watched or not, effect; no chance, no percentage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_decimal, gettext as _

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.rubrics import STEPS
from app.competence.domain.effects import Effect, NotCounted
from app.competence.domain.evidence import TO_THE_MARK, EvidenceKind
from app.competence.labels import competencies
from app.competence.shapes import EvidenceLine
from app.i18n.babel import with_pass_mark, words as day_words

BEST_SCORE = len(STEPS) - 1  # of a criterion of a rubric
BY_RUBRIC = frozenset({EvidenceKind.WORKSHOP, EvidenceKind.DESK_TASK})
CHECKS = frozenset({EvidenceKind.CHECK, EvidenceKind.SURPRISE})


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDetails:
    """A piece of evidence with its result and the changes that it made; `result_url`: a page with more, or ""."""

    day: date
    title: str
    level: str
    result: str
    watched: str
    changed: Sequence[str]
    voided: bool
    reason: str
    result_url: str = ""


def line(shown: EvidenceLine) -> EvidenceDetails:
    """Return a piece of evidence for the list."""
    return EvidenceDetails(
        day=shown.day,
        title=title(shown),
        level=competencies.level(shown.level),
        result=result(shown),
        watched=watched_text(shown),
        changed=[] if shown.effect is None else _changes(shown, shown.effect),
        voided=shown.voided,
        reason=shown.reason,
    )


def _changes(shown: EvidenceLine, effect: Effect) -> list[str]:
    return [*_elsewhere(shown), *change_texts(shown.kind, effect), *_limits(shown, effect)]


def title(shown: EvidenceLine) -> str:
    """Return the title of a piece of evidence; for a test also which attempt."""
    if shown.kind is not EvidenceKind.QUIZ:
        return competencies.kind(shown.kind)
    later = shown.effect is not None and (shown.effect.quarter or shown.effect.not_counted is NotCounted.SEEN)
    return _("Test of a course, later attempt") if later else _("Test of a course, first attempt")


def result(shown: EvidenceLine) -> str:
    """Return the result against the mark, such as "5 of 10, mark 7"; "" if nothing was asked."""
    if shown.share is None or shown.mark is None:
        return ""
    by_rubric = shown.kind in BY_RUBRIC
    most = shown.items * (BEST_SCORE if by_rubric else 1)
    right, pass_mark = with_pass_mark(shown.share * most, shown.mark * most, reached=is_passed(shown))
    values = {"n": right, "m": str(format_decimal(most)), "mark": pass_mark}
    if by_rubric:
        text = _("%(n)s of %(m)s points, mark %(mark)s", **values)
    else:
        text = _("%(n)s of %(m)s, mark %(mark)s", **values)
    if is_passed(shown):
        return _("%(result)s: mark reached.", result=text)
    return _("%(result)s: mark not reached.", result=text)


def is_passed(shown: EvidenceLine) -> bool:
    """Return whether the result was at the mark or over it."""
    return shown.share is not None and shown.mark is not None and shown.share >= shown.mark - TO_THE_MARK


def watched_text(shown: EvidenceLine) -> str:
    """Return whether the result was watched, and how, as text; "" if nothing was asked."""
    if shown.share is None:
        return ""
    if not shown.watched:
        return _("Not watched.")
    if shown.kind is EvidenceKind.SURPRISE:
        return _("Watched. It measures the training, not you.")
    if shown.kind is EvidenceKind.DESK_TASK:
        return _("Watched, and scored without your name.")
    return _("Watched.")


def change_texts(kind: EvidenceKind, effect: Effect) -> Iterator[str]:
    """Yield the effect of a piece of evidence, in sentences."""
    if effect.not_counted is not None:
        yield _not_counted(effect.not_counted, kind)
        return
    if effect.quarter:
        yield _quarter(kind)
    if effect.trained:
        yield _("Counts as training.")
    if kind is EvidenceKind.CLAIM:
        yield _("It sets your start. It verifies nothing.")
    yield _date(effect.before, effect.after)


def _limits(shown: EvidenceLine, effect: Effect) -> Iterator[str]:
    """Yield what a watched result without a date lacks, so that an officer can understand it."""
    if effect.not_counted is not None or effect.after is not None or not is_passed(shown):
        return
    if shown.kind in CHECKS and shown.level is not Level.FOUNDATION:
        yield _("Questions move your chance. An assessor verifies this level.")


def _elsewhere(shown: EvidenceLine) -> Iterator[str]:
    """Yield the lower level at which a test counts, if it is not its own."""
    if shown.counted_at is not None and shown.counted_at is not shown.level:
        yield _("Counts at: %(level)s.", level=competencies.level(shown.counted_at))


def _quarter(kind: EvidenceKind) -> str:
    if kind is EvidenceKind.SCENARIO:
        return _("Counts a quarter: you played this case before.")
    return _("Counts a quarter: a later attempt, new questions only.")


def _not_counted(reason: NotCounted, kind: EvidenceKind) -> str:
    if reason is NotCounted.SEEN and kind is EvidenceKind.SCENARIO:
        return _("Not counted: you played this case within 90 days.")
    return {
        NotCounted.SEEN: _("Not counted: questions seen before."),
        NotCounted.CARRIED_BY_TEST: _("Not counted by itself: the test of the course counts."),
        NotCounted.LEVEL: _("Not counted: this level needs evidence of another kind."),
        NotCounted.TOO_FAST: _("Not counted: answered too fast, or seen before."),
        NotCounted.REPORTED_LATELY: _("Not counted: the same supervisor reported within 30 days."),
        NotCounted.NOT_FIRST: _("Not counted: there was evidence before."),
    }[reason]


def _date(before: date | None, after: date | None) -> str:
    if before == after:
        return _("It changed no date.") if after is None else _("The date stayed: %(day)s.", day=day_words(after))
    if after is None:
        return _("It ended the verification.")
    if before is None:
        return _("Verified until %(day)s.", day=day_words(after))
    days = {"old": day_words(before), "new": day_words(after)}
    if after > before:
        return _("It moved the date from %(old)s to %(new)s.", **days)
    return _("It moved the date back from %(old)s to %(new)s.", **days)
