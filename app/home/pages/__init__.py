"""What the pages for one person show, as plain values: one module a page."""
