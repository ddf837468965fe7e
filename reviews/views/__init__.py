"""Pages of reviews, the ledger and the metrics."""
