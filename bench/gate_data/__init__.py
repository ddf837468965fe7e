"""Updates that a careful writer could send, and the same ones each with one mistake, for bench.gate."""
