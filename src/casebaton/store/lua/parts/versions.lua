-- uses: keys
-- The versions of the configuration that came into force, and what is swept away behind the present one.
local versions = {}
local KEPT = 50 -- whose documents can be read and brought back
local SWEEP_SLICE = 200 -- parts of a replaced version that a script deletes

local function version_of(entry) return string.match(entry, '^{"version":(%d+),') end

-- The version that comes into force enters the list; the one that falls out at its end loses its document.
function versions.enlist(version, members)
  for _, old in ipairs(call('LRANGE', keys.versions, KEPT - 1, -1)) do call('DEL', keys.config_document(version_of(old))) end
  call('LPUSH', keys.versions, '{"version":' .. version .. members .. '}')
  call('LTRIM', keys.versions, 0, KEPT - 1)
end

local function is_enlisted(version)
  for _, entry in ipairs(call('LRANGE', keys.versions, 0, -1)) do
    if tonumber(version_of(entry)) == version then return true end
  end
  return false
end

-- A slice of what versions below the present one have left. No script reads them any more, and none that is still staged below it can
-- come into force: whoever staged it started from an older one. Returns whether anything may be left.
function versions.sweep(present)
  local version = tonumber(call('HGET', keys.meta, 'swept') or '0') + 1
  if version >= tonumber(present) then return false end
  local names = call('SPOP', keys.config_names(version), SWEEP_SLICE)
  for _, name in ipairs(names) do call('DEL', keys.config_part(version, name)) end
  if #names < SWEEP_SLICE then
    if not is_enlisted(version) then call('DEL', keys.config_document(version)) end
    call('HSET', keys.meta, 'swept', version)
  end
  return true
end

return versions
