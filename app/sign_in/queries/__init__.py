"""Queries of sign-in: sessions, failed sign-ins, second factors."""
