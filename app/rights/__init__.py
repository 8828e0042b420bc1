"""Roles of people: assign, revoke and propose them, administrator approval, supervision, the access table."""
