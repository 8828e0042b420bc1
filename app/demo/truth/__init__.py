"""`flask competence simulate`: compare the capacity measure with the real ability of simulated officers."""
