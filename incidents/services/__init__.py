"""The verbs of an incident: one transaction each, the Incident row locked first."""
