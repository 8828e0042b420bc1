"""Use cases: lock, read, decide, write, record."""
