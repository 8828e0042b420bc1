"""SQL that writes: upserts, bulk statements, row locks."""
