"""Use cases of coordination."""
