"""People, their countries and agencies, what role they hold where, and how they sign in.

Identity (name, mail, service number) is encrypted and found by blind index; everybody else meets an alias.
Nothing here knows what a person learned.
"""
