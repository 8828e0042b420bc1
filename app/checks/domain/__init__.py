"""Rules of sittings, desk tasks, marking and surprise checks; no database, no request."""
