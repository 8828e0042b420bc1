"""Forms of `/country/officers` (filter, need by name) and `/country/claims` (decision)."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.queries.officers import OfficerFilter
from app.kernel.invisible_characters import without_unseen
from app.web.forms import Form, OneOfField

ENDORSE, DECLINE = "endorse", "decline"
LONGEST = 300


class OfficersForm(Form):
    """The filter of the list of officers, and the alias after which the page begins; all values are in the address."""

    role = OneOfField(_("Role in the agency"), default="")
    state = OneOfField(
        _("State"),
        [
            ("", _("Any state")),
            (OfficerFilter.DUE, _("Due in 60 days")),
            (OfficerFilter.SOON, _("Due in 90 days")),
            (OfficerFilter.LAPSED, _("Lapsed")),
        ],
        default="",
    )
    after = StringField(validators=[Optional(), Length(max=80)])

    def offer(self, roles: Iterable[tuple[str, str]]) -> None:
        """Set the roles to choose from."""
        self.role.offer([("", _("Any role")), *roles])

    def narrowed(self) -> OfficerFilter | None:
        """Return the chosen filter by state, or None."""
        return OfficerFilter(self.state.data) if self.state.data else None


class NeedForm(Form):
    """A competency, and the level at which an officer needs it by name."""

    competency = OneOfField(_("Competency"), invalid_choice_message=_("Choose a competency from the list."))
    level = OneOfField(
        _("Level"),
        [
            (Level.FOUNDATION, _("Foundation level")),
            (Level.PRACTITIONER, _("Practitioner level")),
            (Level.SPECIALIST, _("Specialist level")),
        ],
        invalid_choice_message=_("Choose a level from the list."),
    )

    def offer(self, titles: Iterable[tuple[str, str]]) -> None:
        """Set the competencies to choose from."""
        self.competency.offer(titles)

    def fits(self, framework: Competencies) -> bool:
        """Return whether the competency has the level, and set the error otherwise."""
        entry = framework.get(self.competency.data)
        if entry is not None and self.level.data in entry.levels:
            return True
        self.level.errors = [_("The framework does not have this competency at that level. Choose another level.")]
        return False


class DecisionForm(Form):
    """The decision on a claim of earlier skill: endorse it, or decline it with a reason."""

    answer = OneOfField(
        pairs=[(ENDORSE, _("Endorse")), (DECLINE, _("Not now"))],
        invalid_choice_message=_("Choose “Endorse” or “Not now”."),
    )
    reason = StringField(
        _("Reason, if not now"),
        [Optional(), Length(max=LONGEST, message=_("Enter at most 300 characters."))],
        filters=[without_unseen],
    )

    def endorses(self) -> bool:
        """Return whether the claim is endorsed."""
        return bool(self.answer.data == ENDORSE)

    def says_why(self) -> bool:
        """Return whether a declined claim has a reason, and set the error otherwise."""
        if self.endorses() or (self.reason.data or "").strip():
            return True
        self.reason.errors = [_("Enter the reason. The officer reads it.")]
        return False
