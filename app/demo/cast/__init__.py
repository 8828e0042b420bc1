"""Invented people of the demonstration (`roster`), and their work in courses (`careers`, `test_answers`)."""
