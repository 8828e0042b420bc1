"""Forms of an import: the file, its kind, and what the imported questions and pictures have in common."""

from flask_babel import lazy_gettext as _
from wtforms import FileField, StringField
from wtforms.validators import Length

from app.studio.domain.import_changes import MediaRights
from app.studio.domain.import_kinds import ImportKind
from app.web.forms import Form, OneOfField, trimmed

RECOGNISE = ""
KINDS = [
    (ImportKind.GIFT, _("Questions: GIFT")),
    (ImportKind.AIKEN, _("Questions: Aiken")),
    (ImportKind.MOODLE_XML, _("Questions: Moodle XML")),
    (ImportKind.WORD_QUESTIONS, _("Questions: Word template")),
    (ImportKind.WORD_LESSON, _("One lesson: Word document")),
    (ImportKind.WORD_LESSONS, _("A lesson for each Heading 1: Word document")),
    (ImportKind.COURSE, _("Whole course: ZIP file of an export")),
]


class UploadForm(Form):
    """A file to import; without a kind it is recognised."""

    file = FileField(_("File"))
    kind = OneOfField(_("Kind of file"), [(RECOGNISE, _("Recognise it")), *KINDS], default=RECOGNISE)


class KindForm(Form):
    """The kind of an uploaded file, from the address."""

    kind = OneOfField(_("Kind of file"), KINDS)


class ImportForm(Form):
    """What a user confirms: the kind, the competency of questions that name none, the rights of the pictures."""

    kind = OneOfField(_("Kind of file"), KINDS)
    competency = OneOfField(_("Competency for questions without one"))
    licence = StringField(
        _("Licence of the pictures"),
        [Length(max=100, message=_("Enter at most 100 characters."))],
        filters=[trimmed],
        default="CC-BY-4.0",
    )
    author = StringField(
        _("Author of the pictures"),
        [Length(max=200, message=_("Enter at most 200 characters."))],
        filters=[trimmed],
    )

    def rights(self) -> MediaRights:
        """Return the submitted rights."""
        return MediaRights(self.licence.data or "", self.author.data or "")
