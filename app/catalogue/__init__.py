"""Courses and their versions: text files are checked, rendered and published; no data about learners."""
