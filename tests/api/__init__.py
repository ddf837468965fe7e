"""What every address of the REST API has in common."""
