"""Use cases of operations: job leases and runs, actions of administrators, replacement of the audit key, setup."""
