-- Dispatch on PostgreSQL as a team would begin it: who has what, and one row per move.
CREATE TABLE agents (
  agent    text PRIMARY KEY,
  queues   text[] NOT NULL,
  capacity int NOT NULL,
  load     int NOT NULL DEFAULT 0,
  idle_at  timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 20); -- every move of an agent's load is a new version of its row: room for it on the same page

CREATE TABLE cases (
  id         text PRIMARY KEY,
  queue      text NOT NULL,
  priority   int NOT NULL,
  state      text NOT NULL,
  agent      text,
  baton      uuid NOT NULL DEFAULT gen_random_uuid(),
  card       jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX cases_waiting ON cases (priority, created_at) WHERE state = 'waiting';

CREATE TABLE events (
  seq   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  type  text NOT NULL,
  id    text NOT NULL,
  agent text,
  baton uuid NOT NULL
);
