"""How the history's tables came to be, step by step: Alembic's revisions, run by `casebaton.history.migrate`."""
