"""Contents of reports: the sections of each kind, from figures as published outside."""
