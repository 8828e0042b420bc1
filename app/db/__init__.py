"""The database: column types, constraint names, the session, and `transaction()`, the only place that commits."""
