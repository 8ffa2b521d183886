"""Alembic's way in: the connection is the caller's, and so is the transaction, which all steps share."""

from alembic import context

from casebaton.history.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
