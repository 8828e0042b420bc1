"""Names of values in the user's language."""
