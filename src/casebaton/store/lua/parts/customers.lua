-- uses: keys
-- The live cases of one customer, by a digest of the key that the producer gives it: oldest request first.
local customers = {}
local MOST_TOLD = 100

local function is_named(c) return c.customer_key ~= '' end

function customers.enter(c)
  if is_named(c) then call('ZADD', keys.customer(c.customer_key), c.requested_at, c.id) end
end

function customers.leave(c)
  if is_named(c) then call('ZREM', keys.customer(c.customer_key), c.id) end
end

-- It turns out to be somebody else's; `digest` is empty when it is nobody's.
function customers.change(c, digest)
  customers.leave(c)
  c.customer_key = digest
  customers.enter(c)
end

-- How many live cases the customer has beside a new one: a JSON member.
function customers.member(c)
  if not is_named(c) then return '' end
  return ',"customer_cases":' .. math.min(call('ZCARD', keys.customer(c.customer_key)), MOST_TOLD)
end

return customers
