"""Changes of checks with their entries in the audit log."""

from collections.abc import Mapping

from tests.checks import marking_steps, request_steps, sitting_steps, surprise_steps
from tests.support.audit_log import AuditStep

STEPS: Mapping[str, AuditStep] = {
    **marking_steps.STEPS,
    **request_steps.STEPS,
    **sitting_steps.STEPS,
    **surprise_steps.STEPS,
}
