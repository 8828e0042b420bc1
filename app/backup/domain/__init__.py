"""Rules of backups: their files and manifest, their state, and how long each is kept."""
