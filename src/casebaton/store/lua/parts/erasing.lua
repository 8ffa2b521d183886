-- uses: keys, record, tx, case, customers, describe
-- What a customer's case says of the customer goes, and the case goes on: its card is empty, its data and notes are gone, and it is nobody's.
-- Nor is it known any more who had the customer's last case in its queue.
local erasing = {}

-- Of a live case the log tells; of an ended one there is nothing to tell but that it was.
function erasing.erase(c)
  local affinity = keys.affinity(c.queue, c.customer_key)
  c.card = '{}'
  if c.notes ~= '' then c.notes = '0' end
  if case.is_ended(c) then
    c.customer_key = ''
    record.touch(c)
  else
    case.record('case_updated', c, tx.actor, nil, ',"erased":true' .. describe.view(c))
    customers.change(c, '')
  end
  call('SET', keys.card(c.id), '{}', 'XX', 'KEEPTTL')
  call('DEL', keys.data(c.id), keys.notes(c.id), affinity)
end

return erasing
