"""View models of the help with signing in, of mailed links, and of `/people/<id>/access`."""
