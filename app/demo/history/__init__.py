"""What services record of the half-done year."""
