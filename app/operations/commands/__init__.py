"""`flask doctor`, `first-admin`, `running-role`, `incident` and `keys`; `app.cli` registers them."""
