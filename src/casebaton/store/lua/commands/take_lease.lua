-- A node begins to hold connections under a name that none of them has had before: `connect` never makes a lease, so that it
-- cannot bring back one that was lost.
-- args: node lease_ms
-- flags: allow-oom
return function(args)
  presence.extend_lease(args.node, args.lease_ms)
  if call('HGET', keys.meta, 'tick') == '' then call('HSET', keys.meta, 'tick', tx.now_text) end
  return { '', '{}' }
end
