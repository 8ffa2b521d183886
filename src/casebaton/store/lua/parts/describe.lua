-- uses: demands, keys, stay, targets, windows, worked
-- A case as JSON: for replies, for who sees it for the first time, whole.
local describe = {}

-- What a reply and a refusal say of a case.
function describe.brief(c)
  return '{"case":"' .. c.id .. '","state":"' .. c.state .. '","owner":"' .. c.owner
    .. (c.agent ~= '' and '","agent":"' .. c.agent or '') .. '","baton":"' .. c.baton .. '","revision":' .. c.revision .. '}'
end

-- What whoever sees the case for the first time needs beside the event itself: JSON members. What a plain case asks is left out,
-- unless it was none before.
function describe.view(c)
  local card = c.card or call('GET', keys.card(c.id))
  return ',"channel":"' .. c.channel .. '","priority":' .. c.priority .. ',"pool":"' .. c.pool .. '","cost":' .. c.cost
    .. ',"created_at_ms":' .. c.created_at .. ',"requested_at_ms":' .. c.requested_at .. ',"queued_at_ms":' .. c.queued_at
    .. (c.due_at ~= '' and ',"due_at_ms":' .. c.due_at or '') .. ((demands.is_plain(c) and c.was_plain) and '' or demands.members(c))
    .. (card and ',"card":' .. card or '')
    .. ',"parked_cost":' .. c.parked_cost
    .. (c.linked_case ~= '' and ',"linked_case":"' .. c.linked_case .. '"' or '')
    .. (c.notes ~= '' and ',"notes":' .. c.notes or '')
    .. targets.members(c) .. windows.member(c)
end

-- The whole case, as snapshots, pages and GET show it. `data` is JSON or nil. To the target of its transfer (`viewer`, an agent's id, or
-- nil) it is an offer: with the baton that accepts it, since when it rings, and for how long.
function describe.json(c, data, viewer)
  local rings = viewer and c.target == viewer
  return '{"case":"' .. c.id .. '","revision":' .. c.revision .. ',"state":"' .. c.state .. '","owner":"' .. c.owner
    .. (c.agent ~= '' and '","agent":"' .. c.agent or '') .. '","baton":"' .. (rings and c.target_baton or c.baton) .. '","queue":"' .. c.queue
    .. '","score":' .. c.score .. ',"state_at_ms":' .. (rings and c.targeted_at or c.state_at)
    .. (rings and ',"deadline_at_ms":' .. stay.instant(c.target_at) or '') .. stay.members(c) .. worked.member(c) .. describe.view(c)
    .. (data and ',"data":' .. data or '') .. '}'
end

return describe
