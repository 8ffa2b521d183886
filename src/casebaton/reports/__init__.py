"""Reports: what the history's tables amount to, over a period, by whatever one asks for, each number with its meaning."""
