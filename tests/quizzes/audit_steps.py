"""Changes of quizzes and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from tests.support.audit_log import AuditStep, submit

STEPS: Mapping[str, AuditStep] = {
    "quizzes.submit": AuditStep(submit("/attempts/{attempt}/hand-in"), {"AttemptEnded"}),
}
