"""Commands of backups and upgrades; `app.cli` registers them."""
