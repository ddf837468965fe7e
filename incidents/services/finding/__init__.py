"""How incidents are found: their documents, and views that people keep."""
