"""Rules of coordination: plain Python."""
