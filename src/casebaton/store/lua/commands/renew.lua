-- A node says that it lives. A lease that was lost stays lost: the node takes a new name and connects its sessions afresh.
-- args: node lease_ms
-- errors: LEASE_LOST
-- flags: allow-oom
return function(args)
  if not presence.holds_lease(args.node) then return presence.lease_lost(args.node) end
  presence.extend_lease(args.node, args.lease_ms)
  return { '', '{}' }
end
