"""The half year of the demonstration, written with the services of the packages; run by `year.fill`."""
