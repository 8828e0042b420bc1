"""Functions bound to the request, for views of other packages."""
