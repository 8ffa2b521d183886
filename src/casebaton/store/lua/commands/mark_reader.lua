-- A reader of the log says how far it has read, good for `keep_ms`: until then nothing after that place is trimmed. An empty position
-- stands for the checkpoint, which is the answer's position; `keep_ms` 0 signs the reader off.
-- args: reader position keep_ms
-- flags: allow-oom
return function(args)
  local position = args.position ~= '' and args.position or call('HGET', keys.checkpoint, 'position') or '0-0'
  if args.keep_ms == '0' then
    call('HDEL', keys.readers, args.reader)
  else
    call('HSET', keys.readers, args.reader, position .. ' ' .. string.format('%d', tx.now + tonumber(args.keep_ms)))
  end
  return { position, '{}' }
end
