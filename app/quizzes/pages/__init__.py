"""What the pages of a sitting show, as plain values."""
