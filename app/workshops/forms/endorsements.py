"""The form of a supervisor at /endorsements: endorse, or decline with a reason."""

from flask_babel import gettext, lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField
from app.workshops.service.nominations import MOST_CHARACTERS

ENDORSE, DECLINE = "endorse", "decline"


class EndorsementForm(Form):
    """The answer to a request; each of its two buttons sends one."""

    answer = OneOfField(
        pairs=[(ENDORSE, _("Endorse")), (DECLINE, _("Not now"))],
        invalid_choice_message=_("Choose “Endorse” or “Not now”."),
    )
    reason = StringField(
        _("Reason"),
        [Optional(), Length(max=MOST_CHARACTERS, message=_("Enter at most 300 characters."))],
        filters=[without_unseen],
    )

    @property
    def endorses(self) -> bool:
        """Return whether the officer is endorsed."""
        return bool(self.answer.data == ENDORSE)

    def fits(self) -> bool:
        """Return whether the form is valid, and set the error otherwise: the officer reads why not."""
        if not self.validate():
            return False
        if not self.endorses and not (self.reason.data or "").strip():
            self.reason.errors = [gettext("Enter the reason. The officer reads it.")]
            return False
        return True
