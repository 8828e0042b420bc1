"""Use cases of the catalogue: render a course, store drafts and references, publish."""
