"""Queries of the directory: all accounts, the people of a country, one officer, and the search."""
