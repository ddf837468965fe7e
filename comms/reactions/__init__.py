"""What comms does in the transaction of an incident's verb: named in settings.TIMELINE_REACTIONS and its siblings."""
