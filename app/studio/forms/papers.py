"""Forms of a paper, of a desk task, and of how the test draws papers."""

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FloatField, FormField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.catalogue.domain.course_reader import SLUG
from app.catalogue.domain.courses import DeskTask, Paper
from app.catalogue.domain.items import ItemForm, Level
from app.studio.labels import documents as labels
from app.web.forms import Form, OneOfField, trimmed

Pairs = Sequence[tuple[str, object]]
_ITEM = r"[A-Z][A-Z0-9]*-Q[0-9]{2,3}"
_ITEMS = Regexp(
    rf"\s*{_ITEM}([\s,]+{_ITEM})*\s*\Z",
    message=_("Enter the ids of questions with spaces between them, such as M07-Q01."),
)
FORMS = (ItemForm.A, ItemForm.B, ItemForm.RESERVE)


class _OnDocuments(Form):
    """What a paper and a desk task share: one to three documents, questions in their order, and minutes."""

    before = HiddenField()
    opened = HiddenField()  # the digest of the entry when the form was opened
    document = OneOfField(_("First document"))
    document_2 = OneOfField(_("Second document"), default="")
    document_3 = OneOfField(_("Third document"), default="")
    items = TextAreaField(
        _("Questions in their order"), [DataRequired(_("Enter at least one question.")), Length(max=1000), _ITEMS]
    )
    minutes = IntegerField(
        _("Minutes, 0 to say nothing"),
        [Optional(), NumberRange(0, 600, message=_("Enter a number from 0 to 600."))],
        default=0,
    )

    def offer_documents(self, documents: Pairs) -> None:
        """Set the documents to choose from."""
        self.document.offer(documents)
        for field in (self.document_2, self.document_3):
            field.offer([("", _("None")), *documents])

    def chosen_documents(self) -> tuple[str, ...]:
        """Return the ids of the chosen documents, each once."""
        chosen = (self.document.data, self.document_2.data, self.document_3.data)
        return tuple(dict.fromkeys(name for name in chosen if name))

    def chosen_items(self) -> tuple[str, ...]:
        """Return the ids of the questions, each once, in their order."""
        return tuple(dict.fromkeys(re.findall(_ITEM, self.items.data or "")))


class PaperForm(_OnDocuments):
    """A paper; `before` is the id of the paper that is changed, "" for a new one."""

    id = StringField(
        _("Paper id"),
        [
            DataRequired(_("Enter an id.")),
            Regexp(r"[A-Z][A-Z0-9]*-P[0-9]{2,3}\Z", message=_("Use an id such as M07-P01.")),
        ],
        filters=[trimmed],
    )
    form = OneOfField(_("Use"))
    family = StringField(
        _("Family"),
        [
            DataRequired(_("Enter a family.")),
            Length(max=60, message=_("Enter at most 60 characters.")),
            Regexp(rf"{SLUG}\Z", message=_("Use small letters, digits and single hyphens, such as payslips.")),
        ],
        filters=[trimmed],
    )

    def offer(self, documents: Pairs) -> None:
        """Set the values to choose from."""
        self.offer_documents(documents)
        self.form.offer([(str(form), labels.paper_form(form)) for form in FORMS])

    def paper(self) -> Paper:
        """Return the submitted paper."""
        return Paper(
            id=self.id.data,
            form=ItemForm(self.form.data),
            family=self.family.data,
            documents=self.chosen_documents(),
            items=self.chosen_items(),
            minutes=self.minutes.data or 0,
        )


class TaskForm(_OnDocuments):
    """A desk task; `before` is the id of the task that is changed, "" for a new one."""

    id = StringField(
        _("Task id"),
        [
            DataRequired(_("Enter an id.")),
            Regexp(r"[A-Z][A-Z0-9]*-T[0-9]{2,3}\Z", message=_("Use an id such as M07-T01.")),
        ],
        filters=[trimmed],
    )
    rubric = OneOfField(_("Competency and level that it shows"))

    def offer(self, documents: Pairs, rubrics: Pairs) -> None:
        """Set the values to choose from."""
        self.offer_documents(documents)
        self.rubric.offer(rubrics)

    def task(self) -> DeskTask:
        """Return the submitted desk task; its rubric names competency and level."""
        competency, _dot, level = self.rubric.data.rpartition(".")
        return DeskTask(
            id=self.id.data,
            competency=competency,
            level=Level(level),
            rubric=self.rubric.data,
            documents=self.chosen_documents(),
            items=self.chosen_items(),
            minutes=self.minutes.data or 0,
        )


class FloorRow(Form):
    """The least rate of a competency in per cent; empty for none."""

    code = HiddenField(validators=[Regexp(r"[A-Z]{2,6}-[0-9]{2}\Z")])
    percent = FloatField(
        _("At least, in per cent"),
        [Optional(), NumberRange(0, 100, message=_("Enter a number from 0 to 100."))],
    )


class RulesForm(Form):
    """How many papers the test draws, and the least rate of each competency."""

    papers = IntegerField(
        _("Papers in a test"),
        [
            InputRequired(_("Enter a number from 0 to 10.")),
            NumberRange(0, 10, message=_("Enter a number from 0 to 10.")),
        ],
    )
    floor = FieldList(FormField(FloorRow), max_entries=60)

    def rates(self) -> dict[str, float]:
        """Return the least rates from 0 to 1 by competency."""
        return {
            row.form.code.data: round(row.form.percent.data / 100, 4)
            for row in self.floor
            if row.form.percent.data is not None
        }
