"""Queries of people, postings, role assignments and visible identities, for all packages."""
