"""Copies of databases: take, load, hash and swap them; one module for each kind of database."""
