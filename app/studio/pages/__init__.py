"""View models of the pages of the studio."""
