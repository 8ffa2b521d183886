-- Erases what is said of a customer on its live cases, of at most 100 in a run; `left` tells how many are left. When none is, the log is told: then
-- whoever keeps a history erases it there, and what the log has said until now may leave it (`erased`).
-- args: customer_key
-- events: case_updated customer_erased
-- flags: allow-oom
local MOST = 100

return function(args)
  local key = keys.customer(args.customer_key)
  local ids = call('ZRANGE', key, 0, MOST - 1)
  for _, id in ipairs(ids) do erasing.erase(case.load(id)) end
  local left = call('ZCARD', key)
  if left == 0 then
    call('HSET', keys.meta, 'erased', tx.append('customer_erased', tx.actor, 'erasure', ',"customer_key":"' .. args.customer_key .. '"'))
  end
  return tx.commit('{"erased":' .. #ids .. ',"left":' .. left .. '}')
end
