"""Views of the operations page, the audit log, the security incident and the setup."""

from app.operations.views import audit_log, incident, setup, status
from app.operations.views._blueprint import bp

__all__ = ["audit_log", "bp", "incident", "setup", "status"]
