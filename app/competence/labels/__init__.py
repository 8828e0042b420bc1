"""Labels in the user's language: the framework of competencies, and lines of evidence."""
