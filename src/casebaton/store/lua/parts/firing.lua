-- What a timer does when it fires, by its kind: `single(id, baton)`, and `bulk(class)` for work on a class, which comes after what the single
-- ones set free has been matched, since it must not overtake that. The parts `firing_…` put theirs here.
local firing = { single = {}, bulk = {} }

-- Slices, which count for more in the limit of a run.
firing.heavy = { lease = true, reap = true, release = true, attend = true, build = true, drain = true, sweep = true, lost = true,
  offboard = true, hours = true, clock = true, regroup = true, requeue = true, collect = true, retire = true, sort = true, review = true,
  patience = true }

return firing
