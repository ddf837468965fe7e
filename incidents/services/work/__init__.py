"""What people do to restore service: teams engaged, workstreams, tasks, hypotheses, decisions."""
