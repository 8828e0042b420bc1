"""Use cases of password reset, change of mail address and restored access."""
