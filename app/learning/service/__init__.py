"""Use cases of learning: lock, read, decide, write, record."""
