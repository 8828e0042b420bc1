"""Use cases of roles, role proposals and supervision."""
