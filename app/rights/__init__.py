"""Roles at the academy: assign, revoke and propose them; supervision; the table of who sees what."""
