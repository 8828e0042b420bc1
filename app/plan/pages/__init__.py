"""What the pages of the plan show, as plain values; what may not be published has gone before it gets here."""
