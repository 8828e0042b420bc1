"""Use cases of attempts: lock, read, decide, write, record."""
