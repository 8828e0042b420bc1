"""Access rights: the policy, the guard of views, and the rules about other people."""
