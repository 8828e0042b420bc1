"""The course format: every file of `courses/` read, checked and written, in plain Python."""
