"""The function library with a check in it: a record that it recalls is what a reading of the stored text would make.

What a run leaves of a record for the next one is only a cache. So the scripts of every test hold it against what is
stored, and fail if a run has left anything else: a number for a text, a member of its own, a change that it did not
save.
"""

import msgspec

from casebaton.store.library import Library

_RECALLED = "  layout.clean(r)\n  kept[key] = r\n"
_HELD = """
  local fresh, known = record.read(layout, text), {}
  if apart then record.read_into(fresh, r.apart.layout, apart) end
  for _, fields in ipairs({ layout.fields, apart and r.apart.layout.fields or {} }) do
    for _, field in ipairs(fields) do
      known[field] = true
      if r[field] ~= fresh[field] then error(key .. ' was recalled with another ' .. field) end
    end
  end
  for _, member in ipairs(layout.others) do known[member] = true end
  for member in pairs(r) do
    if not known[member] then error(key .. ' was recalled with ' .. member) end
  end
"""
_SAVED = "  if apart and apart.is_touched then save_apart(apart, r) end\n"
_SAID = """
  if apart and not apart.is_touched and write(apart.layout, r, apart.text) ~= apart.text then
    error(apart.key .. ' has changed, and nobody has said so')
  end
"""


def held_to_what_is_stored(built: Library) -> Library:
    """The same functions under the same names, with the check."""
    code = built.code
    for place, check in ((_RECALLED, _HELD), (_SAVED, _SAID)):
        assert code.count(place) == 1, f"the library has no such place any more: {place}"
        code = code.replace(place, place + check if check is _HELD else check + place)
    return msgspec.structs.replace(built, code=code)
