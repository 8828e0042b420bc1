"""Use cases of the audit log: write and sign entries, verify them, save public keys."""
