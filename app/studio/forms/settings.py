"""The form of the settings of a course. Its lists are rows; a row whose first field is empty is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    FloatField,
    FormField,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.catalogue.domain.courses import Aim, CourseTest, Draw, Feedback, Retention, ReviewPart, ShownResult
from app.catalogue.domain.items import Level
from app.catalogue.domain.lessons import PAGE_BYTES
from app.catalogue.domain.text import normalise
from app.kernel.invisible_characters import without_unseen
from app.studio.domain.course_settings import CourseSettings, in_former_order
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

DIGEST = Regexp(r"([0-9a-f]{64})?\Z")
MOST_ROWS = 60
Pairs = Sequence[tuple[str, object]]


FEEDBACK: Pairs = [
    (Feedback.AFTER_ATTEMPT, _("After the test is submitted")),
    (Feedback.AFTER_ANSWER, _("After each answer, which is then locked")),
]
SHOWN_RESULTS: Pairs = [
    (ShownResult.BEST, _("The best")),
    (ShownResult.LAST, _("The last")),
    (ShownResult.FIRST, _("The first")),
    (ShownResult.AVERAGE, _("The average")),
]
REVIEW_PARTS: Pairs = [
    (ReviewPart.POINTS, _("Whether each answer was right")),
    (ReviewPart.ANSWERS, _("The right answers")),
    (ReviewPart.REASONS, _("The reasons, together with the right answers")),
]


def _between(low: int, high: int) -> NumberRange:
    return NumberRange(
        low, high, message=_("Enter a number from %(low)s to %(high)s.", low=f"{low:,}", high=f"{high:,}")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingOffers:
    """The values to choose from, each with its label."""

    roles: Pairs
    courses: Pairs
    competencies: Pairs
    levels: Pairs


class AimRow(Form):
    """A competency of the course, and the level that it leads to."""

    code = OneOfField(_("Competency"))
    level = OneOfField(_("Level"))


class DrawRow(Form):
    """How many items of a competency the test draws; `level` is empty for items of any level."""

    code = OneOfField(_("Competency"))
    level = OneOfField(_("Level"))
    items = IntegerField(_("Questions"), [Optional(), _between(1, 100)])


class LessonRow(Form):
    """The competencies of a lesson."""

    slug = HiddenField(validators=[Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z")])
    competencies = SomeOfField(_("Competencies"))


class CourseSettingsForm(Form):
    """The settings; `opened` and `opened_text` are the digests of the two files that the user began from."""

    title = StringField(
        _("Title"),
        [DataRequired(_("Enter a title.")), Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[trimmed],
    )
    paragraph = TextAreaField(
        _("What it is about"),
        [DataRequired(_("Describe the course in one or two sentences.")), Length(max=1000)],
        filters=[without_unseen],
    )
    outcomes = TextAreaField(
        _("You will be able to"),
        [DataRequired(_("Enter at least one outcome.")), Length(max=4000)],
        filters=[without_unseen],
    )
    hours = FloatField(_("Hours"), [InputRequired(_("Enter a number of hours.")), _between(0, 1000)])
    licence = StringField(_("Licence"), [DataRequired(_("Enter a licence.")), Length(max=100)], filters=[trimmed])
    authors = TextAreaField(_("Authors"), [Length(max=2000)], filters=[without_unseen])
    roles = SomeOfField(_("Roles"))
    prerequisites = SomeOfField(_("Courses to finish before"))
    competencies = FieldList(FormField(AimRow), max_entries=MOST_ROWS)
    lessons = FieldList(FormField(LessonRow))
    has_test = BooleanField(_("The course ends with a test"))
    draw = FieldList(FormField(DrawRow), max_entries=MOST_ROWS)
    pass_mark = FloatField(_("Pass mark in per cent"), [Optional(), _between(0, 100)])
    attempts = IntegerField(_("Attempts, 0 for no limit"), [Optional(), _between(0, 100)])
    wait_hours = IntegerField(_("Hours between attempts"), [Optional(), _between(0, 10_000)])
    minutes = IntegerField(_("Minutes, 0 for no limit"), [Optional(), _between(0, 1_000)])
    feedback = OneOfField(_("When an answer is explained"))
    right_after = SomeOfField(_("Shown in the first hour after the test"))
    while_open = SomeOfField(_("Shown later, while others may still take the test"))
    closed = SomeOfField(_("Shown after the course is retired"))
    shown_result = OneOfField(_("Result in the record, of several attempts"))
    certainty = BooleanField(_("Ask how sure the learner is"))
    pretest = IntegerField(_("Questions before the course"), [Optional(), _between(1, 100)])
    retention = IntegerField(_("Questions months after the test"), [Optional(), _between(1, 100)])
    months = IntegerField(_("Months after the test"), [Optional(), _between(1, 60)])
    peer_marking = BooleanField(_("Learners may mark each other's open answers"))
    opened = HiddenField(validators=[DIGEST])
    opened_text = HiddenField(validators=[DIGEST])

    def offer(self, offers: SettingOffers) -> None:
        """Set the values to choose from."""
        self.roles.offer(offers.roles)
        self.prerequisites.offer(offers.courses)
        self.feedback.offer(FEEDBACK)
        self.shown_result.offer(SHOWN_RESULTS)
        for field in (self.right_after, self.while_open, self.closed):
            field.offer(REVIEW_PARTS)
        nothing = ("", "–")
        for row in self.competencies:
            row.form.code.offer([nothing, *offers.competencies])
            row.form.level.offer(offers.levels)
        for row in self.draw:
            row.form.code.offer([nothing, *offers.competencies])
            row.form.level.offer([("", _("Any level")), *offers.levels])
        for row in self.lessons:
            row.form.competencies.offer(offers.competencies)

    def settings(self, before: CourseSettings) -> CourseSettings:
        """Return the submitted settings; `before` gives the order of lists, and what the form does not show."""
        return CourseSettings(
            title=self.title.data,
            paragraph="\n".join(_lines(self.paragraph.data)),
            outcomes=tuple(line.removeprefix("- ") for line in _lines(self.outcomes.data)),
            hours=self.hours.data,
            roles=in_former_order(self.roles.data, before.roles),
            prerequisites=in_former_order(self.prerequisites.data, before.prerequisites),
            competencies=tuple(
                Aim(row.form.code.data, Level(row.form.level.data)) for row in self.competencies if row.form.code.data
            ),
            lessons=self._lessons(before.lessons),
            test=self._test(before.test) if self.has_test.data else None,
            pretest=self.pretest.data or 0,
            retention=Retention(self.retention.data, self.months.data or 6) if self.retention.data else None,
            licence=self.licence.data,
            authors=tuple(_lines(self.authors.data)),
            peer_marking=self.peer_marking.data,
            checked_on=before.checked_on,
        )

    def _lessons(self, before: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Return the competencies of each lesson that there was; a lesson without a row remains as it is."""
        sent = {row.form.slug.data: row.form.competencies.data for row in self.lessons}
        return {slug: in_former_order(sent[slug], codes) if slug in sent else codes for slug, codes in before.items()}

    def _test(self, before: CourseTest | None) -> CourseTest:
        usual = before or CourseTest(())
        percent = self.pass_mark.data
        return CourseTest(
            draw=tuple(_draws(self.draw)),
            pass_mark=usual.pass_mark if percent is None else float(Decimal(str(percent)) / 100),
            attempts=_number(self.attempts, usual.attempts),
            wait_hours=_number(self.wait_hours, usual.wait_hours),
            minutes=_number(self.minutes, usual.minutes),
            certainty=self.certainty.data,
            feedback=Feedback(self.feedback.data),
            shown_result=ShownResult(self.shown_result.data),
            right_after=_review_parts(self.right_after),
            while_open=_review_parts(self.while_open),
            closed=_review_parts(self.closed),
            papers=usual.papers,
            floor=usual.floor,
        )


def _review_parts(field: SomeOfField) -> tuple[ReviewPart, ...]:
    return tuple(part for part in ReviewPart if part in field.data)


class CourseFileForm(Form):
    """The text of `course.toml`; `opened` is the digest of the text that the user began from."""

    body = TextAreaField(_("Text"), [Length(max=PAGE_BYTES, message=_("The text is too long."))])
    opened = HiddenField(validators=[DIGEST])


def _draws(rows: FieldList) -> Iterable[Draw]:
    for row in rows:
        if row.form.code.data and row.form.items.data:
            level = Level(row.form.level.data) if row.form.level.data else None
            yield Draw(row.form.code.data, row.form.items.data, level)


def _number(field: IntegerField, usual: int) -> int:
    return usual if field.data is None else int(field.data)


def _lines(text: str | None) -> list[str]:
    """Return the lines of a text, trimmed, without empty ones."""
    lines = [" ".join(line.split()) for line in normalise(text or "").split("\n")]
    return [line for line in lines if line]


def values(settings: CourseSettings) -> dict[str, object]:
    """Return the values with which the form is shown."""
    return {
        "title": settings.title,
        "paragraph": settings.paragraph,
        "outcomes": "\n".join(settings.outcomes),
        "hours": _plain(settings.hours),
        "licence": settings.licence,
        "authors": "\n".join(settings.authors),
        "roles": list(settings.roles),
        "prerequisites": list(settings.prerequisites),
        "competencies": [{"code": aim.id, "level": str(aim.level)} for aim in settings.competencies],
        "lessons": [{"slug": slug, "competencies": list(codes)} for slug, codes in settings.lessons.items()],
        "has_test": settings.test is not None,
        "peer_marking": settings.peer_marking,
        "pretest": settings.pretest or None,
        **_test_values(settings.test or CourseTest(())),
        **_retention_values(settings.retention),
    }


def _test_values(test: CourseTest) -> dict[str, object]:
    return {
        "draw": [{"code": draw.competency, "level": draw.level or "", "items": draw.items} for draw in test.draw],
        "pass_mark": _plain(float(Decimal(str(test.pass_mark)) * 100)),
        "attempts": test.attempts,
        "wait_hours": test.wait_hours,
        "minutes": test.minutes,
        "certainty": test.certainty,
        "feedback": str(test.feedback),
        "shown_result": str(test.shown_result),
        "right_after": [str(part) for part in test.right_after],
        "while_open": [str(part) for part in test.while_open],
        "closed": [str(part) for part in test.closed],
    }


def _retention_values(retention: Retention | None) -> dict[str, object]:
    return {"retention": retention.items, "months": retention.months} if retention else {}


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)
