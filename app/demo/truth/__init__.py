"""The truth test compares the capacity measure with the real ability of simulated officers, who forget."""
