"""Keeping status pages: who reads them, how they look, what stands on them."""
