"""Forms of the pages of events: filters of the list, editor, steps, attendance and scores."""
