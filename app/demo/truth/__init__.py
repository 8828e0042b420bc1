"""The truth test: invented officers who forget, and how near the capacity measure comes to what they can really do."""
