"""Languages, direction, dates and numbers, and the folding of letters for search."""
