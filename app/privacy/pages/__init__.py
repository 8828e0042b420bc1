"""Page models."""
