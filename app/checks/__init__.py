"""Watched sittings, desk tasks, surprise checks, and marking by rubric."""
