-- Begins a workspace: its log, its clock, its epoch. Sent twice, the second changes nothing.
-- args: offer_limit retention_ms grace_ms gone_ms reopen_ms
-- events: workspace_created
-- flags: bare
local DAY_MS = 86400000

return function(args)
  if call('EXISTS', keys.meta) == 1 then return tx.unchanged('{"created":false}') end
  -- The epoch lies a day back, so that a case returned to the front can be older than the first one.
  local now = tx.engine_time(tx.given_now, 0)
  local position = call('XADD', keys.log, '*', 'to', '1 all', 'body',
    '{"type":"workspace_created","log_seq":1,"at_ms":' .. now .. ',"config":0,"actor":"' .. tx.actor .. '"}')
  call('HSET', keys.meta, 'seq', 1, 'clock', now, 'epoch', now - DAY_MS, 'tick', '', 'lost', 0, 'unsettled', 0, 'config', 0,
    'tag', tx.seed, 'offer_limit', args.offer_limit, 'retention_ms', args.retention_ms, 'grace_ms', args.grace_ms,
    'gone_ms', args.gone_ms,
    'reopen_ms', args.reopen_ms)
  return { position, '{"created":true}' }
end
