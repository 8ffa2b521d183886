-- uses: agent, queue, match, moves, parking
-- What becomes of a parked case when its time or its customer wakes it.
local waking = {}

-- Back to its line; its owner, who did not ask for that, is not kept from it.
function waking.give_back(c, reason)
  moves.requeue('case_returned', c, 'engine:waking', ',"reason":"' .. reason .. '"')
end

function waking.wake(c)
  local a = agent.load(c.agent)
  if parking.is_away(a, c) then return waking.give_back(c, 'owner_offline') end
  if a.waking == 0 and parking.has_room(a, c) then
    parking.resume(c, a, 'engine:waking')
  else
    parking.wait_for_room(c, a, 'engine:waking', queue.channel(c.channel).wake_limit_ms)
  end
  match.free(a)
end

return waking
