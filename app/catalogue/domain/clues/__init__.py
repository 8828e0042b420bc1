"""Clues in item banks: whether a reader who did not take the course finds the right option from its form alone."""
