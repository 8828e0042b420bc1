"""Rules of invitations and of aliases, in plain Python."""
