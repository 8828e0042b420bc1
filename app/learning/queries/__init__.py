"""Read progress, titles of courses and suggestions from the database."""
