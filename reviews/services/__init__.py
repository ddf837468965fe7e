"""The verbs of learning: one transaction each, the Incident row locked first."""
