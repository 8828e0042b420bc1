"""Rules of role assignments and of role proposals, in plain Python."""
