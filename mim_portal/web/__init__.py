"""The web process: an HTTP server with published status pages in its memory, and Django behind it.

`command` starts it, `protocol` speaks HTTP and asks `shelf` for whole answers, `front` answers from memory what
`published` keeps as new as the database, and `application` gives the rest to Django.
"""
