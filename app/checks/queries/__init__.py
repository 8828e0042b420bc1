"""Read sittings, requests, products and draws from the database."""
