"""Page models of home, one module for each page."""
