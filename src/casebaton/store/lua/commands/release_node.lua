-- A stopping node gives its lease back: its connections end now instead of at the lease's end.
-- args: node
-- flags: allow-oom
return function(args)
  if call('ZREM', keys.deadlines, 'lease:' .. args.node .. ':0') == 1 then timers.set('reap', args.node, '0', tx.now) end
  return tx.commit('{}')
end
