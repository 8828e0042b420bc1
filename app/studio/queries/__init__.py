"""Read drafts, revisions, reviews and remarks of courses, within the scope of a trainer or a reviewer."""
