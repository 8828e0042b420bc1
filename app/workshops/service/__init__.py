"""Use cases of events: lock, read, decide, write, record."""
