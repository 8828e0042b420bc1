"""Queries for checked sheets and imports, and for the accounts and invitations that rows name."""
