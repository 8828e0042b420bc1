"""View models of the pages of courses, lessons, and the pages before tests and cases."""
