-- uses: config, tx, skills
-- Skill rules: a field of a case that has a value asks for skills. `data.<key>` looks into the case's data.
local rules = {}

local function value_of(field, c, card, data)
  if c[field] ~= nil then return c[field] end
  if card[field] ~= nil then return card[field] end
  local found = data
  for key in string.gmatch(string.match(field, '^data%.(.+)$') or '', '[^.]+') do
    if type(found) ~= 'table' then return nil end
    found = found[key]
  end
  return found ~= data and found or nil
end

-- Adds to `levels` what the rules ask for. `c` holds queue and channel; card and data are JSON.
function rules.add(levels, c, card, data)
  local found = config.rules(tx.settings)
  if not found[1] then return end
  local read_card, read_data = cjson.decode(card), data ~= '' and cjson.decode(data) or nil
  for _, rule in ipairs(found) do
    local value = value_of(rule.field, c, read_card, read_data)
    if value ~= nil and tostring(value) == rule.value then skills.add(levels, rule.skills) end
  end
end

return rules
