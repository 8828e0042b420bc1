"""Rules of certificates: codes, kinds and states; credentials, their signatures, status lists and baked pictures."""
