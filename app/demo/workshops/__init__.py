"""The workshops and study visits of the demonstration, created and run with services."""
