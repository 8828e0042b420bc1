"""Rules of aliases, mail addresses, people and role assignments, in plain Python."""
