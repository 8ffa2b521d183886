-- Makes a staged configuration the present one. The classes of `changed` queues are built anew, and what the version before has left
-- is swept away, in slices; so are the lines of `reordered` queues put into their new order. `timed` queues have opening hours, or had.
-- `regroups`: other skills make members. Nobody may wait in `removed` queues. In the lines of `patient` queues cases wait for another time
-- until an agent is kept free.
-- args: version previous changed removed reordered offer_limit retention_ms grace_ms gone_ms digest reopen_ms timed regroups
-- args: patient
-- errors: CONFIG_CHANGED QUEUE_NOT_EMPTY
-- events: config_applied queue_opened queue_closed
return function(args)
  if tx.settings.version ~= args.previous then
    return tx.refuse('CONFIG_CHANGED', 'version ' .. tx.settings.version .. ' is in force, not ' .. args.previous .. ': read it and apply again')
  end
  for id in list.items(args.removed) do
    local waiting = call('ZCARD', keys.line(id))
    if waiting > 0 then return tx.refuse('QUEUE_NOT_EMPTY', 'queue ' .. id .. ' still has ' .. waiting .. ' waiting cases') end
  end
  tx.settings = config.staged(tx.settings, args)
  tx.append('config_applied', tx.actor, 'all', ',"previous":' .. args.previous)
  call('HSET', keys.meta, 'tag', tx.seed, 'config', args.version, 'offer_limit', args.offer_limit, 'retention_ms', args.retention_ms,
    'grace_ms', args.grace_ms, 'gone_ms', args.gone_ms,
    'reopen_ms', args.reopen_ms)
  for id in list.items(args.reordered) do sorting.begin(id) end
  for id in list.items(args.changed) do
    for _, class in ipairs(call('HKEYS', keys.classes(id))) do
      birth.begin(id, class)
    end
    if call('ZCARD', keys.named(id)) > 0 then timers.set('attend', id, '', tx.now) end
    if call('ZCARD', keys.kept(id)) > 0 then timers.set('review', id, '', tx.now) end
  end
  versions.enlist(args.version, ',"at_ms":' .. tx.now_text .. ',"actor":"' .. tx.actor .. '","digest":"' .. args.digest .. '"')
  if args.previous ~= '0' then timers.set('sweep', 'config', '0', tx.now) end
  if args.regroups == '1' then timers.set('regroup', 'agents', '', tx.now) end
  for id in list.items(args.timed) do hours.sync(id) end
  for id in list.items(args.patient) do
    if call('ZCARD', keys.line(id)) > 0 then timers.set('patience', id, '', tx.now) end
  end
  match.settle()
  return tx.commit('{"config":' .. args.version .. '}')
end
