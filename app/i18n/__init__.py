"""Languages, direction, dates and numbers."""
