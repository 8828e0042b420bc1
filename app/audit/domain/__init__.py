"""What makes the trail prove itself: a chain of hashes, and checkpoints that are signed and kept elsewhere."""
