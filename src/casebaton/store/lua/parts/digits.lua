-- Small counts as text, printed once in the library's life: in a concatenation or a redis.call a number costs 0.4 µs or more.
local digits = {}
local GREATEST = 1000
local printed = {}
digits.printed = printed

function digits.of(n)
  local text = printed[n]
  if text then return text end
  text = string.format('%d', n)
  if n <= GREATEST then printed[n] = text end
  return text
end

return digits
