"""Invitations to the academy: sending, printed letters, acceptance that creates the account; aliases."""
