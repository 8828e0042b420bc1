"""Read events, bookings and participants from the database."""
