"""The database server: version and size, privileges of its roles, the read replica."""
