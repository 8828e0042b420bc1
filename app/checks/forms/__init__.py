"""Forms of sittings and marking."""
