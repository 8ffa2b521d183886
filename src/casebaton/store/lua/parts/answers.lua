-- uses: keys
-- The last accepted commands of each actor and their answers: the same command id again is answered without a second effect.
local answers = {}
local REMEMBERED = 64 -- older ones go in one sweep every so many
local accepted -- how many commands of this actor were accepted so far, as `find` read it

-- {position, answer} of a command that was accepted before, or nil.
function answers.find(actor, command)
  local seen = call('HMGET', keys.commands(actor), command, '#')
  accepted = tonumber(seen[2]) or 0
  if not seen[1] then return nil end
  local _, position, answer = string.match(seen[1], '^(%d+) (%S+) (.*)$')
  return { position, answer }
end

local function forget_old(key)
  local seen = call('HGETALL', key)
  for i = 1, #seen, 2 do
    local number = seen[i] ~= '#' and tonumber(string.match(seen[i + 1], '^%d+'))
    if number and number <= accepted - REMEMBERED then call('HDEL', key, seen[i]) end
  end
end

function answers.remember(actor, command, position, answer)
  local key = keys.commands(actor)
  accepted = accepted + 1
  local number = string.format('%d', accepted)
  call('HSET', key, command, number .. ' ' .. position .. ' ' .. answer, '#', number)
  if accepted % REMEMBERED == 0 then forget_old(key) end
end

return answers
