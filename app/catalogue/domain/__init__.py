"""The course format: read, check and write the files of `courses/` in plain Python, without Flask or database."""
