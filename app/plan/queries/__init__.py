"""Queries of the plan: definitions, figures, the records behind figures, and their evidence."""
