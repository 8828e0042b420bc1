"""View models of the pages of reports."""
