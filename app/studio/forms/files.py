"""Form of an editor that shows the whole text of a file."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Regexp

from app.catalogue.domain.lessons import PAGE_BYTES
from app.web.forms import Form


class FileTextForm(Form):
    """The whole text of a file; `opened` is the digest of the text that the user began from."""

    body = TextAreaField(
        _("Text"), [Length(max=PAGE_BYTES, message=_("The text is too long. Divide it into two parts."))]
    )
    opened = HiddenField(validators=[Regexp(r"([0-9a-f]{64})?\Z")])
