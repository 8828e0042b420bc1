"""Forms of cascade sessions: record or correct one, withdraw one."""

from flask_babel import gettext, lazy_gettext as _
from wtforms import DateField, FileField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField
from app.workshops.domain.cascades import MOST_MINUTES, MOST_PEOPLE, CountedBy
from app.workshops.service.cascades import NewCascade

LONGEST = 300
_REASON = [DataRequired(_("Say why.")), Length(max=LONGEST, message=_("Enter at most 300 characters."))]


class CascadeForm(Form):
    """A national session; the signed list is sent with it as a file."""

    day = DateField(_("Day"), [InputRequired(_("Enter the day of the session."))])
    minutes = IntegerField(
        _("Minutes"),
        [
            InputRequired(_("Enter how many minutes it took.")),
            NumberRange(15, MOST_MINUTES, message=_("Enter a number from 15 to 3,000.")),
        ],
    )
    competency = OneOfField(_("Competency that was passed on"), invalid_choice_message=_("Choose a competency."))
    activity = OneOfField(_("Activity of the plan"), default="", invalid_choice_message=_("Choose an activity."))
    counted_by = OneOfField(
        _("Who took part"),
        [(CountedBy.ALIAS, _("Own officers, by alias")), (CountedBy.HEAD_COUNT, _("A head count with a signed list"))],
        default=str(CountedBy.ALIAS),
        invalid_choice_message=_("Choose how people are counted."),
    )
    aliases = TextAreaField(
        _("Aliases, one on each line"), [Length(max=40_000, message=_("Enter at most 500 aliases."))]
    )
    head_count = IntegerField(
        _("Number of people"),
        [Optional(), NumberRange(1, MOST_PEOPLE, message=_("Enter a number from 1 to 500."))],
    )
    document = FileField(_("Signed list (PDF, at most 2 MB)"))
    reason = StringField(
        _("Why it is corrected"),
        [Optional(), Length(max=LONGEST, message=_("Enter at most 300 characters."))],
        filters=[without_unseen],
    )

    def fits(self, *, has_reason: bool) -> bool:
        """Validate the form, the field that belongs to the way of counting, and the reason of a correction."""
        is_valid = bool(self.validate())
        if not self._has_people():
            return False
        if has_reason and not (self.reason.data or "").strip():
            self.reason.errors = [gettext("Say why.")]
            return False
        return is_valid

    def _has_people(self) -> bool:
        """Return whether the field of the way of counting is filled in; else add an error."""
        if self.counted_by.data == CountedBy.ALIAS and not self.alias_list():
            self.aliases.errors = [gettext("Enter at least one alias.")]
            return False
        if self.counted_by.data == CountedBy.HEAD_COUNT and not self.head_count.data:
            self.head_count.errors = [gettext("Enter a number from 1 to 500.")]
            return False
        return True

    def alias_list(self) -> tuple[str, ...]:
        """Return the aliases without repetitions, in their order."""
        lines = (line.strip() for line in (self.aliases.data or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def new_cascade(self, signed_list: bytes) -> NewCascade:
        """Return the session of a valid form; the fields of the other way of counting are left out."""
        is_by_alias = self.counted_by.data == CountedBy.ALIAS
        return NewCascade(
            day=self.day.data,
            minutes=self.minutes.data,
            competency=str(self.competency.data),
            activity=str(self.activity.data or ""),
            aliases=self.alias_list() if is_by_alias else (),
            head_count=0 if is_by_alias else self.head_count.data,
            signed_list=b"" if is_by_alias else signed_list,
        )


class CascadeWithdrawalForm(Form):
    """Why a session is withdrawn."""

    reason = StringField(_("Why it is withdrawn"), _REASON, filters=[without_unseen])
