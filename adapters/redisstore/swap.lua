-- KEYS: the row, the due keys, the expiries
-- ARGV: the revision that has to be there ("" for no row), the new row, the key
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
local new = string.sub(ARGV[2], 1, 64)
if head ~= '' and string.sub(head, 49, 64) == string.sub(new, 49, 64) then
  return 1 -- the client asks again: this very swap was done
end
if string.sub(head, 1, 16) ~= ARGV[1] then
  return 0
end
local due, expires = string.sub(new, 17, 32), string.sub(new, 33, 48)
if head ~= '' then
  redis.call('ZREM', KEYS[2], string.sub(head, 17, 32) .. ARGV[3])
  redis.call('ZREM', KEYS[3], string.sub(head, 33, 48) .. ARGV[3])
end
redis.call('SET', KEYS[1], ARGV[2])
if due ~= '----------------' then
  redis.call('ZADD', KEYS[2], 0, due .. ARGV[3])
end
redis.call('ZADD', KEYS[3], 0, expires .. ARGV[3])
return 1
