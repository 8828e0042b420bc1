"""Labels in the language of the user."""
