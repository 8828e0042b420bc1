"""Use cases of operations: job leases and runs, replacement of the audit key, setup."""
