"""Queries of competence: competencies, officers of a country, capacity, consistency checks, input of the rules."""
