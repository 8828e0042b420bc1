"""View models of /sittings and /teaching/marking."""
