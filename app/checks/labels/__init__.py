"""Names of states and ways in the language of the user."""
