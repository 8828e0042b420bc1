"""Queries of granters, administrator requests, role proposals and supervision."""
