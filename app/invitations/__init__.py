"""Invitations: single and bulk invitations, letters, acceptance, aliases."""
