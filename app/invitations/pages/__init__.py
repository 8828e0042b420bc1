"""View models of the pages of invitations, of their acceptance and of role proposals."""
