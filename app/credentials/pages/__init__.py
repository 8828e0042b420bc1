"""Page models of certificates."""
