"""Access rights: the policy of roles and actions, its check before each view, rules about other people."""
