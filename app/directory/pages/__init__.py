"""View models of the directory and of the settings of a country."""
