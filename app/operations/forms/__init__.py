"""Forms of the audit log, the security incident and the setup of a site."""
