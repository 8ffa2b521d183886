"""Reports: what the history amounts to, over a period, by whatever one asks for, each number with what it means."""
