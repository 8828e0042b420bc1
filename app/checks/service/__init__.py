"""Use cases of sittings, marking and surprise checks: lock, read, decide, write, record."""
