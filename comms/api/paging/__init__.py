"""How teams are paged, by the API."""
