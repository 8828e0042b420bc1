"""Plain Python that every room may use: events, errors, the clock, who is acting. Standard library only."""
