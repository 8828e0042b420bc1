"""Queries of invitations, aliases and role proposals."""
