"""View models of the operations page, the audit log, the security incident and the setup."""
