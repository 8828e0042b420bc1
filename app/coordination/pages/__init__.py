"""Page models of coordination."""
