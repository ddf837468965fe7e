"""The verbs of what we tell whom, by when: one transaction each, the Incident row locked first."""
