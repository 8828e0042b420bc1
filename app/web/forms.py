"""The base of every form, with error messages in the user's language."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import Length, ValidationError

from app.kernel.invisible_characters import without_unseen


def trimmed(text: str | None) -> str | None:
    shown = without_unseen(text)
    return None if shown is None else " ".join(shown.split())


class SomeOfField(SelectMultipleField):  # type: ignore[misc]  # WTForms carries no types
    """A choice of several values; `pairs` contains each value with its label."""

    def offer(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Set the values to choose from."""
        self.pairs = list(pairs)
        self.choices = [SelectChoice(value=value, label=label) for value, label in self.pairs]


_OURS = {"Not a valid date value.": _("Enter a date.")}  # messages of WTForms that a user may see


class _Translations:
    """Replace the messages of WTForms: it lacks several of our languages."""

    def gettext(self, string: str) -> str:
        return str(_OURS[string] if string in _OURS else gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


class Form(WTForm):  # type: ignore[misc]  # WTForms carries no types
    """A form. `app.web.http.csrf` checks the token of every change, so no field contains it."""

    class Meta(DefaultMeta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> Any:
            return _Translations()

        def bind_field(self, form: Any, unbound_field: UnboundField, options: Any) -> Any:
            return unbound_field.bind(form=form, **options)

    def __init__(self, formdata: MultiDict[str, str] | None = None, **values: Any) -> None:
        super().__init__(formdata, **values)


class ReasonForm(Form):
    """Why something is decided; `missing` is the error message of an empty reason."""

    limit: ClassVar[int] = 300  # characters
    missing: ClassVar[LazyString]
    reason = StringField(
        _("Reason"), [Length(max=limit, message=_("Enter at most 300 characters."))], filters=[trimmed]
    )

    def validate_reason(self, field: Any) -> None:
        """Reject an empty reason."""
        if not field.data:
            raise ValidationError(self.missing)


class OneOfField(SelectField):  # type: ignore[misc]  # WTForms carries no types
    """A choice of one value; `pairs` contains each value with its label."""

    def __init__(self, label: object = None, pairs: Iterable[tuple[str, object]] = (), **values: Any) -> None:
        # other values come only from manipulated pages
        values.setdefault("invalid_choice_message", _("Correct the form"))
        super().__init__(label, choices=_choices(pairs), **values)

    @property
    def pairs(self) -> list[tuple[str, object]]:
        """Return the values with their labels."""
        return [(choice.value, choice.label) for choice in self.choices]

    def offer(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Set the values to choose from."""
        self.choices = _choices(pairs)


def _choices(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]
