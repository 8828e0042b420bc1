"""What people may send about sheets."""

from flask_babel import lazy_gettext as _
from wtforms import FileField, IntegerField, StringField, TextAreaField, validators
from wtforms.validators import Length, NumberRange, Optional

from app.identity.domain.contact import ALIAS_MAX
from app.intake.domain.validation import Kind
from app.web.forms import Form, OneOfField

PASTED = 50_000  # signs: a form's field holds 64 KiB, and a letter may take more than one byte


class SheetForm(Form):
    """A sheet: as a file, or pasted."""

    sheet = FileField(_("Sheet (XLSX or CSV, at most 2 MB and 5,000 rows)"))
    text = TextAreaField(
        _("Or paste the rows, with their heads"),
        [Optional(), Length(max=PASTED, message=_("This is too long to paste. Send it as a file."))],
    )


class ShownForm(Form):
    """Which rows of a checked sheet are shown, and which page of them; all of it stands in the address."""

    show = OneOfField(
        _("Rows"),
        [("", _("All rows")), (Kind.WRONG, _("Wrong")), (Kind.NEW, _("New")), (Kind.CHANGED, _("Changed")),
         (Kind.SAME, _("Same"))],
        default="",
    )  # fmt: skip
    page = IntegerField(validators=[Optional(), NumberRange(1, 10_000)])


class PartForm(Form):
    """Which part of the officers a file holds: those of a service, after an alias."""

    agency = StringField(validators=[Optional(), validators.UUID()])
    after = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])


class LettersForm(Form):
    """Whether letters are made anew of whoever has one: only where the page has said that each has."""

    again = StringField(validators=[Optional(), Length(max=3)])
