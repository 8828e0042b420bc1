"""Rules of drafts, review and comparison of texts; no database, no request."""
