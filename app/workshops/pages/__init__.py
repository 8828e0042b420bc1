"""What the pages of events show to practitioners, as plain values."""
