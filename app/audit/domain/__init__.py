"""Detection of changes of the audit log: a chain of hashes, and signed checkpoints that are copied elsewhere."""
