"""Form of a file for the participants of an event: the file, its title, its readers and its last day."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, StringField
from wtforms.validators import DataRequired, Length

from app.access.policy import Sensitivity
from app.web.forms import Form, OneOfField, trimmed

READERS = (
    (Sensitivity.UNRESTRICTED.value, _("Every participant; it may be passed on")),
    (Sensitivity.LAW_ENFORCEMENT_ONLY.value, _("Participants who are officers of a member country")),
    (Sensitivity.PARTICIPANTS_ONLY.value, _("Participants and the trainers of this event alone")),
)


class EventFileForm(Form):
    """A new file for participants."""

    file = FileField(_("File"))
    title = StringField(_("Title"), [Length(max=120, message=_("Enter at most 120 characters."))], filters=[trimmed])
    sensitivity = OneOfField(_("Who can download it"), READERS, invalid_choice_message=_("Choose who can download it."))
    expires_on = DateField(_("Last day"), [DataRequired(_("Enter the last day."))])
