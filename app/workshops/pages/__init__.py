"""View models of the pages of events, for practitioners and staff."""
