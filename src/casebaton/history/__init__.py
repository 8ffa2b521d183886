"""The history: what the log told, kept in SQL for as long as is wanted, and counted by quarter hours."""
