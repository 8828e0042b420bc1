"""Importing this module lets tests hash passwords with cheap parameters; `make bench` keeps those of a site."""

from argon2 import PasswordHasher

from app.sign_in.service import passwords

REAL_HASHER = passwords._hasher
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_with(hasher: PasswordHasher) -> None:
    """Let passwords be hashed and verified with these parameters."""
    passwords._hasher = hasher
    passwords._dummy = hasher.hash("a passphrase without an account")


hash_with(CHEAP_HASHER)
