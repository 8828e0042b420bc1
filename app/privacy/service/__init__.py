"""Use cases of the archive of own data and of erasure requests."""
