"""Forms of sign-in; those in `authentication` and `names` are also for pages of other packages."""
