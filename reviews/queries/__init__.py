"""The reads that pages and API share; each starts at what the person may see."""
