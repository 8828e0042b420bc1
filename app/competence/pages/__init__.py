"""View models of `/country/officers`, `/country/claims` and `/supervision`."""
