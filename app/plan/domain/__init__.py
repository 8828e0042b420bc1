"""Rules of the plan: how records become contributions and figures, what may be shown of them."""
