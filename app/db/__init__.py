"""The database: column types, constraint names, the session, and the one place that commits."""
