"""The reads that pages and API share."""
