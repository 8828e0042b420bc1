"""View models of the pages below `/people/sheet`."""
