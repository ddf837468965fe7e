"""What the service desk raises and gets back: candidates, questions, one more caller, feedback, disputes."""
