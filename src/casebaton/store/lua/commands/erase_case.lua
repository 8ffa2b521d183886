-- Erases what is said of a customer on one case, which has ended and so is not among the customer's: a history knows it. It may be forgotten,
-- or somebody else's by now, or another one of that id, requested after `erased_at`.
-- args: case customer_key erased_at
-- events: case_updated
-- flags: allow-oom
return function(args)
  local c = case.load(args.case)
  if not c or c.customer_key ~= args.customer_key or tonumber(c.requested_at) > tonumber(args.erased_at) then return tx.unchanged('{"erased":0}') end
  erasing.erase(c)
  return tx.commit('{"erased":1}')
end
