"""The web process: an HTTP server with published status pages in its memory, and Django behind it."""
