"""Who plays in the demonstration, and what they do."""
