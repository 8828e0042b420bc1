"""Rules between rows that no constraint of the database can express, for `flask check-invariants`."""
