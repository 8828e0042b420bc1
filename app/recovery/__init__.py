"""Account recovery: password reset, change of mail address, restoring access, closing an account."""
