"""Public pages, and the service worker for browsers without a connection."""
