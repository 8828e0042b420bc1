"""View models of the roles and the supervision of a person, and of the table of who sees what."""
