"""Use cases of competence: evidence, claims, needs by name, reassessment, capacity rollups."""
