"""Who may do what: the policy on one page, and the guard that asks it at a view's door."""
