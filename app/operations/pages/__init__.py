"""View models of the pages of operations."""
