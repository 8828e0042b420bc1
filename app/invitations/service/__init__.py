"""Use cases of invitations, aliases and the agreement to role proposals."""
