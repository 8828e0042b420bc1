"""Input of pages."""
