"""References: files that all courses share, their texts in each language, and their checks."""
