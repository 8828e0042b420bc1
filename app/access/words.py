"""The roles, actions and tests of the policy in the words of the people they are about."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access.policy import Role

ROLES: Mapping[Role, LazyString] = {
    Role.PRACTITIONER: _("Officer"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.CONTACT_POINT: _("Contact point"),
    Role.TRAINER: _("Trainer"),
    Role.ASSESSOR: _("Assessor"),
    Role.INVIGILATOR: _("Invigilator"),
    Role.HOST: _("Host"),
    Role.COORDINATOR: _("Coordinator"),
    Role.CO_CHAIR: _("Co-chair"),
    Role.ADMINISTRATOR: _("Administrator"),
}
