"""Account recovery: password reset, change of mail address, reset codes, closing an account."""
