"""Labels of events, facts, enum values and jobs in the language of the user."""
