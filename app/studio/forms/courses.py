"""Forms of a new course, of the lessons in its outline, and of the lesson editor."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import FileField, FloatField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.access.policy import Sensitivity
from app.catalogue.domain.lessons import PAGE_BYTES
from app.kernel.invisible_characters import without_unseen
from app.studio.domain.course_edits import RESERVED, NewCourse, slug_of
from app.web.forms import Form, OneOfField, trimmed

SCRATCH = "scratch"
_TITLE = Length(max=200, message=_("Enter at most 200 characters."))


class NewCourseForm(Form):
    """A new course, empty or as a copy of another one (`source` is the slug of that course)."""

    title = StringField(_("Title"), [DataRequired(_("Enter a title.")), _TITLE], filters=[trimmed])
    paragraph = TextAreaField(
        _("What it is about"),
        [DataRequired(_("Describe the course in one or two sentences.")), Length(max=1000)],
        filters=[trimmed],
    )
    outcomes = TextAreaField(
        _("You will be able to"),
        [DataRequired(_("Enter at least one outcome.")), Length(max=4000)],
        filters=[without_unseen],
    )
    code = StringField(
        _("Course id"),
        [
            DataRequired(_("Enter an id.")),
            Regexp(r"[A-Z][A-Z0-9]{1,9}\Z", message=_("Use capital letters and digits, such as M07.")),
        ],
        filters=[trimmed],
    )
    language = OneOfField(_("Language"))
    sensitivity = OneOfField(_("Who may read it"))
    hours = FloatField(
        _("Hours"),
        [
            InputRequired(_("Enter a number of hours.")),
            NumberRange(0, 1000, message=_("Enter a number from 0 to 1,000.")),
        ],
    )
    source = OneOfField(_("Start with"))

    def offer(
        self,
        *,
        languages: Iterable[tuple[str, object]],
        levels: Iterable[tuple[str, object]],
        sources: Iterable[tuple[str, object]],
    ) -> None:
        """Set the values to choose from."""
        self.language.offer(languages)
        self.sensitivity.offer(levels)
        self.source.offer(sources)

    def course(self) -> NewCourse:
        """Return the submitted course; an outcome for each line."""
        lines = (str(self.outcomes.data) or "").splitlines()
        outcomes = [" ".join(line.strip().removeprefix("-").split()) for line in lines]
        return NewCourse(
            code=self.code.data,
            slug=slug_of(self.title.data, RESERVED, fallback=f"course-{self.code.data.lower()}"),
            title=self.title.data,
            paragraph=self.paragraph.data,
            outcomes=tuple(outcome for outcome in outcomes if outcome),
            language=self.language.data,
            sensitivity=Sensitivity(self.sensitivity.data),
            hours=self.hours.data,
        )


class ArchiveForm(Form):
    """The ZIP file of a course folder, and another id for the new course ("": that of the archive)."""

    file = FileField(_("ZIP file"))
    archive_code = StringField(
        _("Another course id"),
        [
            Optional(),
            Regexp(r"[A-Z][A-Z0-9]{1,9}\Z", message=_("Use capital letters and digits, such as M07.")),
        ],
        filters=[trimmed],
    )


class NewLessonForm(Form):
    """A new lesson at the end of the course."""

    title = StringField(_("Title"), [DataRequired(_("Enter a title.")), _TITLE], filters=[trimmed])
    minutes = IntegerField(
        _("Minutes"),
        [Optional(), NumberRange(1, 600, message=_("Enter a number from 1 to 600."))],
        default=10,
    )


class PositionForm(Form):
    """The new position of a lesson, counted from 1."""

    position = IntegerField(validators=[InputRequired(), NumberRange(1, 500)])


class LessonTextForm(Form):
    """Title and text of a lesson; `opened` is the digest of the text that the user began from."""

    title = StringField(_("Title"), [DataRequired(_("Enter a title.")), _TITLE], filters=[trimmed])
    body = TextAreaField(
        _("Text"), [Length(max=PAGE_BYTES, message=_("The text is too long. Divide it into two lessons."))]
    )
    opened = HiddenField(validators=[Regexp(r"([0-9a-f]{64})?\Z")])


class LessonFactsForm(Form):
    """Minutes, competencies and warning of a lesson."""

    minutes = IntegerField(
        _("Minutes"),
        [
            InputRequired(_("Enter a number of minutes.")),
            NumberRange(1, 600, message=_("Enter a number from 1 to 600.")),
        ],
    )
    warning = OneOfField(
        _("Warning"),
        [("0", _("None")), ("1", _("Sensitive, mild")), ("2", _("Sensitive, strong"))],
    )
