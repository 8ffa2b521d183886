-- uses: digits
-- A record is a hash, loaded once a run and saved at its end if touched: only what changed. Its `fields` are read at once (`loaded`:
-- as they were); its `details` only when one of them is first asked for. A detail that was never stored is empty.
local record = {}
local NONE = {}
local kept, touched

function record.begin() kept, touched = {}, {} end

function record.find(key) return kept[key] end

local function read_details(r, field)
  local details = r.details
  local values = call('HMGET', r.key, unpack(details))
  r.details_loaded = values
  setmetatable(r, nil)
  for i = 1, #details do
    if r[details[i]] == nil then r[details[i]] = values[i] or '' end
  end
  return r[field]
end

local LAZY = {
  __index = function(r, field)
    for _, detail in ipairs(rawget(r, 'details')) do
      if detail == field then return read_details(r, field) end
    end
  end,
}

function record.keep(r)
  kept[r.key] = r
  return setmetatable(r, LAZY)
end

function record.touch(r)
  if rawget(r, 'is_touched') then return end
  r.is_touched = true
  touched[#touched + 1] = r
end

-- The hash is gone: nothing of the record is saved any more.
function record.forget(r)
  kept[r.key], r.fields, r.details = nil, NONE, NONE
end

local function save(r)
  local changes, n, fields, loaded = { 'HSET', r.key }, 2, r.fields, r.loaded
  for i = 1, #fields do
    local field = fields[i]
    local value = r[field]
    if value ~= loaded[i] then
      if type(value) == 'number' then value = digits.of(value) end
      changes[n + 1], changes[n + 2] = field, value
      n = n + 2
    end
  end
  local details = r.details
  -- Of a record that was there before, nobody knows whether a detail is stored until the details are read.
  local stored = rawget(r, 'details_loaded') or (loaded[1] == nil and NONE)
  for i = 1, #details do
    local value = rawget(r, details[i])
    if value ~= nil and (not stored or (value ~= stored[i] and (value ~= '' or stored[i]))) then
      changes[n + 1], changes[n + 2] = details[i], value
      n = n + 2
    end
  end
  if n > 2 then call(unpack(changes)) end
end

function record.save_touched()
  for i = 1, #touched do save(touched[i]) end
end

return record
