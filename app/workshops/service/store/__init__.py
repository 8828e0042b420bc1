"""SQL that writes rows of events, and the locks of these rows."""
