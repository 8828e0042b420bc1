"""What the pages of operations show, as plain values."""
