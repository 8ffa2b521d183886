-- uses: tx, limits, describe, eligible
-- Whether a case fits into an agent's hands: so many more units, and one more case of its channel. Asked wherever no match is made.
local room = {}

-- What is in the way, in the words of `why`, or nil. `c` is a case, or what a class of work asks; it may be `counted` among the channel's
-- already.
function room.lacks(a, c, cost, counted)
  if not eligible.has_room(a, c.pool, cost) then return 'room' end
  if not counted and not limits.allow(a, c.channel) then return 'limit' end
end

-- The same for people.
function room.lacking(a, c, cost, counted)
  local lacks = room.lacks(a, c, cost, counted)
  if lacks == 'room' then return 'no room for ' .. cost .. ' ' .. c.pool end
  if lacks then return limits.held(a, c.channel) .. ' of at most ' .. limits.most(a, c.channel) .. ' cases of channel ' .. c.channel end
end

function room.refusal(a, c, cost, counted)
  local lacking = room.lacking(a, c, cost, counted)
  return lacking and tx.refuse('NO_ROOM', a.id .. ' has ' .. lacking, describe.brief(c)) or nil
end

return room
