"""View models of the pages of the plan; values that may not be published are removed before."""
