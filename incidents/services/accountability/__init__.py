"""Who answers for an incident: tenures, handover and takeover, shifts, roles, commitments made to teams."""
