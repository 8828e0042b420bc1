"""Rules of the plan: how records become contributions and figures, and which figures may be shown."""
