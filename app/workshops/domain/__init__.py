"""Rules of events: drafts, states, times, seats, attendance and scoring; no database, no request."""
