"""Promises as pages, the API and the clock read them."""
