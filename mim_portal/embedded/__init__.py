"""The house's engine: starts, watches and stops the real servers and the portal's own processes.

Nothing here imports Django, so that the first line appears at once and a broken project can still be reported.
"""
