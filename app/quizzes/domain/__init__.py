"""Rules of tests and practice: answers, grading, drawing, saves, attempts; no database, no request."""
