"""The workshops and study visits of the year."""
