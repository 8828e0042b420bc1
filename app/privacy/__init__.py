"""What people can do about what the academy holds of them, and what ends it.

Who looked at their record, all of it to take along, leaving and moving with its consequences in words, erasure.
It holds nothing but requests to be erased: each room says itself what it holds of a person.
"""
