"""Use cases of postings, departures, protection, erasure, extra time and settings of a country."""
