"""Queries of erasure requests, and of courses for the archive."""
