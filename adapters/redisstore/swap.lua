-- KEYS: the row, the due keys, the expiries
-- ARGV: the revision that has to be there ("" for no row), the new row, the key
local old = redis.call('GETRANGE', KEYS[1], 0, 63)
local new = string.sub(ARGV[2], 1, 64)
if old ~= '' and string.sub(old, 49) == string.sub(new, 49) then
  return 1 -- the client asks again: this very swap was done
end
if string.sub(old, 1, 16) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
local from, to = string.sub(old, 17, 32), string.sub(new, 17, 32)
if from ~= to then
  if from ~= '' and from ~= '----------------' then
    redis.call('ZREM', KEYS[2], from .. ARGV[3])
  end
  if to ~= '----------------' then
    redis.call('ZADD', KEYS[2], 0, to .. ARGV[3])
  end
end
from, to = string.sub(old, 33, 48), string.sub(new, 33, 48)
if from ~= to then
  if from ~= '' then
    redis.call('ZREM', KEYS[3], from .. ARGV[3])
  end
  redis.call('ZADD', KEYS[3], 0, to .. ARGV[3])
end
return 1
