"""People: accounts, encrypted identities, countries, agencies, postings and role assignments."""
