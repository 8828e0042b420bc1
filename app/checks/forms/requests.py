"""Form of the answer to officers who ask for a check."""

from flask_babel import lazy_gettext as _

from app.web.forms import ReasonForm


class DeclineForm(ReasonForm):
    """The reason why requests are declined; the officers read it."""

    missing = _("Enter the reason. The officers read it.")
