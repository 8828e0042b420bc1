"""Reading for coordination."""
