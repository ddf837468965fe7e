"""Pages of candidates and incidents: each view translates a request into one verb or one read."""
