"""Use cases of backups: make, prove, encrypt, read, restore, record."""
