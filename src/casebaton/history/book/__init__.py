"""What the log amounts to: one row for each thing that has ended, sums by quarter hours, and what is under way."""
