-- A node says that it lives. A lease that was lost stays lost: the node takes a new id and connects its sessions afresh.
-- args: node lease_ms
-- errors: LEASE_LOST
return function(args)
  local member = 'lease:' .. args.node .. ':0'
  if not call('ZSCORE', keys.deadlines, member) then
    return tx.refuse('LEASE_LOST', 'node ' .. args.node .. ' was silent for too long')
  end
  timers.set_deadline('lease', args.node, '0', timers.in_service(args.lease_ms))
  return { '', '{}' }
end
