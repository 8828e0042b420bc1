"""Use cases of the plan: figures entered by hand, definitions, recalculation, nightly checks."""
