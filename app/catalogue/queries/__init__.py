"""Queries of the catalogue: courses and references, published versions."""
