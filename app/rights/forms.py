"""Forms of `/people/<id>/roles` and `/people/<id>/supervisor`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import DateField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.access.people_rules import AssignableRole
from app.access.policy import Role, Scope
from app.rights.domain.roles import SCOPES, RoleRequest
from app.web.forms import Form, OneOfField

DEPUTY = "deputy"
YEARS = range(2000, 2200)


def gift_value(gift: AssignableRole) -> str:
    """Return the form value of an assignable role."""
    return DEPUTY if gift.deputy else str(gift.role)


class AssignRoleForm(Form):
    """A role with its reach, first and last day; `reach` is "" without a limit, else "<scope>:<id of the object>"."""

    role = OneOfField(_("Role"), invalid_choice_message=_("Choose a role from the list."))
    reach = OneOfField(_("Where it applies"), default="", invalid_choice_message=_("Choose a place from the list."))
    since = DateField(_("From"), validators=[InputRequired(_("Enter the first day."))], render_kw={"type": "date"})
    until = DateField(_("Until, if it ends"), validators=[Optional()], render_kw={"type": "date"})

    def offer(self, gifts: Iterable[tuple[AssignableRole, str]], reaches: Iterable[tuple[str, str]]) -> None:
        """Set the roles and the courses and events to choose from."""
        self.role.offer([(gift_value(gift), words) for gift, words in gifts])
        self.reach.offer([("", _("Without limit")), *reaches])

    def validate_since(self, field: Any) -> None:
        """Refuse an invalid date, and a year outside YEARS."""
        if field.data is None or field.data.year not in YEARS:
            raise ValidationError(_("Enter a date."))

    validate_until = validate_since

    def wish(self, country: str) -> RoleRequest:
        """Return the requested role of a valid form; `country` is the reach of a role of a country."""
        gift = (
            AssignableRole(Role.CONTACT_POINT, deputy=True)
            if self.role.data == DEPUTY
            else AssignableRole(Role(self.role.data))
        )
        kind, _sign, thing = (self.reach.data or "").partition(":")
        scope = Scope(kind) if kind else SCOPES[gift.role][0]
        reach = country if scope is Scope.COUNTRY else thing
        return RoleRequest(gift, scope, reach, self.since.data, self.until.data)


class SupervisorForm(Form):
    """The supervisor to assign to an officer."""

    supervisor = OneOfField(_("Supervisor"), invalid_choice_message=_("Choose a supervisor from the list."))

    def offer(self, supervisors: Iterable[tuple[UUID, str]]) -> None:
        """Set the supervisors to choose from."""
        self.supervisor.offer([(str(person_id), alias) for person_id, alias in supervisors])
