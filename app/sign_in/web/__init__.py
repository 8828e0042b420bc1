"""Request functions for views of other packages: current session, reauthentication, forms."""
