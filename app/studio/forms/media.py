"""Forms of the media of a course: a file with its description and rights, a replacement, an insertion."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FileField, StringField
from wtforms.validators import DataRequired, Length

from app.studio.domain.media_library import MediumFacts
from app.web.forms import Form, OneOfField, trimmed

MOST_DESCRIPTION = 500
_LINE = Length(max=200, message=_("Enter at most 200 characters."))


class MediumForm(Form):
    """Description and rights of a file; author or source is required."""

    description = StringField(
        _("Description"),
        [
            DataRequired(_("Describe what the picture shows.")),
            Length(max=MOST_DESCRIPTION, message=_("Enter at most 500 characters.")),
        ],
        filters=[trimmed],
    )
    licence = StringField(
        _("Licence"),
        [DataRequired(_("Enter the licence.")), Length(max=100, message=_("Enter at most 100 characters."))],
        filters=[trimmed],
    )
    author = StringField(_("Author"), [_LINE], filters=[trimmed])
    source = StringField(_("Origin"), [_LINE], filters=[trimmed])

    def validate(self, extra_validators: Any = None) -> bool:
        """Require author or origin."""
        is_valid: bool = super().validate(extra_validators)
        if not self.author.data and not self.source.data:
            self.author.errors = [*self.author.errors, str(_("Enter the author or the origin."))]
            return False
        return is_valid

    def facts(self) -> MediumFacts:
        """Return the submitted description and rights."""
        return MediumFacts(
            description=self.description.data,
            licence=self.licence.data,
            author=self.author.data or "",
            source=self.source.data or "",
        )


class NewMediumForm(MediumForm):
    """A new file with its description and rights; captions are required with a video."""

    file = FileField(_("File"))
    captions = FileField(_("Captions of a video"))


class ReplacementForm(Form):
    """The new content of a file."""

    file = FileField(_("New file"))


class InsertionForm(Form):
    """The lesson that is to show a picture."""

    lesson = OneOfField(_("Lesson"))
