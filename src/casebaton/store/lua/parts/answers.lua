-- uses: keys
-- Accepted commands and their answers: the same command id again is answered without a second effect. Each actor has two generations
-- of them. Once the young one is old and large enough, or WEEK_MS old, it takes the old one's place, whole: whatever is forgotten then is
-- older than KEEP_MS and has at least KEEP younger ones behind it, or is older than WEEK_MS; nothing is ever counted or looked through.
-- Either expires twice as long after it began, so that actors who never come again leave nothing.
local answers = {}
local KEEP = 64
local KEEP_MS = 60000 -- longer than anybody sends a command again: see docs/architecture.md, Idempotency
local WEEK_MS = 604800000
local key, began -- the actor's young generation, and when it began, as `find` read it

-- An answer that was remembered without its case's card (see `tx.commit`), with the card as it is now: so whoever asks again reads what was
-- answered first, and of an erased customer nothing.
local function with_card(answer)
  local from, to = string.find(answer, '"card":{}', 1, true)
  if not from then return answer end
  local card = call('GET', keys.card(string.match(answer, '"case":"([^"]*)"')))
  return card and string.sub(answer, 1, from + 6) .. card .. string.sub(answer, to + 1) or answer
end

-- {position, answer} of a command that was accepted before, or nil.
function answers.find(actor, command)
  key = keys.answers(actor)
  local young = call('HMGET', key, command, '#')
  began = young[2]
  local seen = young[1] or call('HGET', keys.old_answers(actor), command)
  if not seen then return nil end
  local position, answer = string.match(seen, '^(%S*) (.*)$')
  return { position, with_card(answer) }
end

local function is_old(now)
  local age = now - began
  return age >= WEEK_MS or age >= KEEP_MS and call('HLEN', key) > KEEP -- one field is `#`
end

function answers.remember(actor, command, position, answer, now)
  local kept = position .. ' ' .. answer
  if began and not is_old(now) then
    call('HSET', key, command, kept)
    return
  end
  if began then
    call('UNLINK', keys.old_answers(actor))
    call('RENAME', key, keys.old_answers(actor))
  end
  call('HSET', key, '#', string.format('%d', now), command, kept)
  call('PEXPIRE', key, 2 * WEEK_MS)
end

return answers
