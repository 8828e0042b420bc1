"""Open work in the courses that a trainer writes, for /teaching: questions, reports, flags, older translations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.catalogue.domain.translations import TranslationState
from app.catalogue.queries import courses, versions
from app.catalogue.queries.versions import CourseRecord
from app.catalogue.shapes import Outline
from app.i18n import babel
from app.i18n.languages import direction
from app.kernel import clock
from app.learning.labels import shown
from app.learning.queries import questions, reports
from app.ports import TaskLink
from app.studio.queries import flagged_questions, judging, workspaces
from app.studio.queries.flagged_questions import FlagCount

Waiting = Mapping[UUID, tuple[int, datetime]]


def course_tasks(actor: Actor) -> list[TaskLink]:
    """Return questions to judge, of learners, and reports, the oldest first, then flags and older translations."""
    records = [record for record in workspaces.written_courses(actor.id, clock.today()) if record.version_id]
    outlines = {record.id: courses.outline(record.version_id) for record in records if record.version_id}
    asked, reported = questions.open_by_course(outlines), reports.open_by_course(outlines)
    return [
        *_to_judge(actor),
        *(_asked(outlines[course_id], *asked[course_id]) for course_id in _oldest(asked)),
        *(_reported(outlines[course_id], *reported[course_id]) for course_id in _oldest(reported)),
        *_flagged(outlines.values()),
        *_stale(records, outlines),
    ]


def _oldest(waiting: Waiting) -> Sequence[UUID]:
    return sorted(waiting, key=lambda course_id: waiting[course_id][1])


def _to_judge(actor: Actor) -> Iterator[TaskLink]:
    """Yield the published courses with questions that wait for the actor as a judge."""
    waiting = judging.waiting_for(actor.id)
    for record in versions.course_records(set(waiting)) if waiting else ():
        count, oldest = waiting[record.id]
        if record.version_id is not None:
            name = ngettext("%(num)s question to judge", "%(num)s questions to judge", count)
            href = url_for("studio.show_panels", course=record.slug)
            yield _task(courses.outline(record.version_id), name, href, _since(oldest))


def _asked(outline: Outline, count: int, oldest: datetime) -> TaskLink:
    name = ngettext("%(num)s open question from learners", "%(num)s open questions from learners", count)
    href = url_for("studio.show_learner_questions", course=outline.slug)
    return _task(outline, name, href, _since(oldest))


def _reported(outline: Outline, count: int, oldest: datetime) -> TaskLink:
    name = ngettext("%(num)s open report of a mistake", "%(num)s open reports of mistakes", count)
    return _task(outline, name, url_for("studio.show_reports", course=outline.slug), _since(oldest))


def _since(oldest: datetime) -> str:
    return _("The oldest is of %(day)s", day=babel.isolated(babel.words(oldest)))


def _flagged(outlines: Iterable[Outline]) -> Iterator[TaskLink]:
    """Yield the courses with flagged questions, with a link to the most urgent question."""
    by_version = {outline.version_id: outline for outline in outlines}
    for version_id, flags in flagged_questions.by_version(by_version).items():
        outline = by_version[version_id]
        name = ngettext("%(num)s flagged question", "%(num)s flagged questions", flags.questions)
        counted = _("Most urgent: %(item)s. Counted on %(day)s.", item=babel.isolated(flags.item), day=_day(flags))
        href = url_for("studio.show_question", course=outline.slug, item=flags.item)
        yield _task(outline, name, href, counted)


def _day(flags: FlagCount) -> str:
    return str(babel.isolated(babel.words(flags.counted_at)))


def _stale(records: Sequence[CourseRecord], outlines: Mapping[UUID, Outline]) -> Iterator[TaskLink]:
    """Yield the published courses with translated texts that follow an earlier text of their source."""
    for record in records:
        outline = outlines[record.id]
        if count := _stale_texts(outline):
            name = ngettext(
                "%(num)s translated text is older than its source",
                "%(num)s translated texts are older than their source",
                count,
            )
            yield _task(outline, name, url_for("studio.show_translations", course=outline.slug), "")


def _stale_texts(outline: Outline) -> int:
    states = [text.translation for text in outline.words.values()]
    states += [head.translation for heads in outline.lessons.values() for head in heads.values()]
    return states.count(str(TranslationState.STALE))


def _task(outline: Outline, name: str, href: str, since: str) -> TaskLink:
    language = shown(outline)
    return TaskLink(
        name=_("%(kind)s: %(title)s", kind=name, title=babel.isolated(outline.title(language))),
        href=href,
        sub=since,
        word=_("Open") if since else _("Older version"),
        kind="open" if since else "risk",
        lang=language,
        dir=direction(language),
    )
