"""Use cases of the studio: open and save drafts, create and copy courses, review, publish, import."""
