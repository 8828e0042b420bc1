"""Changes of scenarios and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from tests.support.audit_log import AuditStep, submit

STEPS: Mapping[str, AuditStep] = {
    "scenarios.choose": AuditStep(submit("/cases/{case}/choice", step="1", move="0"), {"CaseChoiceMade"}),
}
