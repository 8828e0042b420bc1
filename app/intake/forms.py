"""Forms below `/people/sheet`: the sheet, the list of its rows, the part of an export, letters of an import."""

from flask_babel import lazy_gettext as _
from wtforms import FileField, IntegerField, StringField, TextAreaField, validators
from wtforms.validators import Length, NumberRange, Optional

from app.identity.domain.contact import ALIAS_MAX
from app.intake.domain.validation import RowKind
from app.web.forms import Form, OneOfField

PASTED = 50_000  # characters: a form field has at most 64 KiB, and a character may take several bytes


class SheetForm(Form):
    """A sheet: as a file, or pasted."""

    sheet = FileField(_("Sheet (XLSX or CSV, at most 2 MB and 5,000 rows)"))
    text = TextAreaField(
        _("Or paste the rows, with their headers"),
        [Optional(), Length(max=PASTED, message=_("This text is too long. Send a file instead."))],
    )


class ShownForm(Form):
    """The filter and the page of the rows of a checked sheet, from the address."""

    show = OneOfField(
        _("Rows"),
        [("", _("All rows")), (RowKind.WRONG, _("Wrong")), (RowKind.NEW, _("New")), (RowKind.CHANGED, _("Changed")),
         (RowKind.SAME, _("Same"))],
        default="",
    )  # fmt: skip
    page = IntegerField(validators=[Optional(), NumberRange(1, 10_000)])


class PartForm(Form):
    """The part of the officers in a file: those of an agency, after an alias."""

    agency = StringField(validators=[Optional(), validators.UUID()])
    after = StringField(validators=[Optional(), Length(max=ALIAS_MAX)])


class LettersForm(Form):
    """Whether existing letters are replaced; the page offers that only if each invitation has a letter."""

    again = StringField(validators=[Optional(), Length(max=3)])
