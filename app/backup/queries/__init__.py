"""Read runs of backups, and check rules between rows."""
