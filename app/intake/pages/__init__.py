"""What the pages of sheets show, as plain values and words."""
