-- KEYS: the row, the due keys, the expiries
-- ARGV: the revision that has to be there, the new row without its places, the key
local never = '\0\0\0\0\0\0\0\0'
local old = redis.call('GETRANGE', KEYS[1], 0, 47)
if old == '' then
  if ARGV[1] ~= never then
    return 0
  end
  old = never .. never
elseif string.sub(old, 17, 24) ~= ARGV[1] then
  if string.sub(old, 41, 48) == string.sub(ARGV[2], 25, 32) then
    return 1 -- the client asks again: this very swap was done
  end
  return 0
end
-- A key that has to stand later than it does stays where it is: who meets it
-- there moves it on. Most keys are gone by then.
local function place(set, from, to)
  if from == to then
    return from
  end
  if from ~= never then
    if struct.unpack('>I8', to) > struct.unpack('>I8', from) then
      return from
    end
    redis.call('ZREM', set, from .. ARGV[3])
  end
  if to ~= never then
    redis.call('ZADD', set, 0, to .. ARGV[3])
  end
  return to
end
redis.call('SET', KEYS[1],
  place(KEYS[2], string.sub(old, 1, 8), string.sub(ARGV[2], 9, 16)) ..
  place(KEYS[3], string.sub(old, 9, 16), string.sub(ARGV[2], 17, 24)) ..
  ARGV[2])
return 1
