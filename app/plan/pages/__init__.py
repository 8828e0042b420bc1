"""View models of the plan's pages; values that may not be published are removed before the template."""
