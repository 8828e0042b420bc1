"""View models of the pages of an attempt."""
