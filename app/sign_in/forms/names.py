"""Forms for the name and the alias of a person."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.identity.domain.contact import ALIAS_MAX, NAME_MAX
from app.kernel.invisible_characters import is_blank, is_name
from app.web.forms import Form, trimmed

AT_MOST_200 = _("Enter at most 200 characters.")


def _require_visible(_form: Form, field: Any) -> None:
    if is_blank(field.data or ""):
        raise ValidationError(_("Enter the name."))


def _require_letters(_form: Form, field: Any) -> None:
    if not is_name(field.data or ""):
        raise ValidationError(_("Enter the name with letters."))


class PersonNameForm(Form):
    """A person's name, and how it is written in Latin letters."""

    name = StringField(
        _("Name as on certificates"),
        [
            InputRequired(_("Enter the name.")),
            Length(max=NAME_MAX, message=AT_MOST_200),
            _require_visible,
            _require_letters,
        ],
        filters=[trimmed],
    )
    latin_name = StringField(
        _("Name in Latin letters, if it uses other letters"),
        [Optional(), Length(max=NAME_MAX, message=AT_MOST_200), _require_visible, _require_letters],
        filters=[trimmed],
    )


class AliasForm(Form):
    """The alias of a person, by which colleagues know them."""

    alias = StringField(
        _("Alias"),
        [
            InputRequired(_("Enter an alias.")),
            Length(min=3, max=ALIAS_MAX, message=_("Enter 3 to 80 characters.")),
            _require_visible,
        ],
        filters=[trimmed],
    )


class OwnNameForm(PersonNameForm, AliasForm):
    """Name and alias of a new account, as its owner enters them."""
