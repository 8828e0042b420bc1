"""Plain Python that every package may use: events, errors, the clock, who is acting. Standard library only."""
