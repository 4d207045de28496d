-- KEYS: a set, the rows of some of its members
-- ARGV: where a row says its place in this set, the members
local never = '\0\0\0\0\0\0\0\0'
local from = tonumber(ARGV[1])
for i = 2, #KEYS do
  local head = redis.call('GETRANGE', KEYS[i], 0, 47)
  local place, at = string.sub(head, from + 1, from + 8), string.sub(head, from + 25, from + 32)
  if #head < 48 or place ~= string.sub(ARGV[i], 1, 8) then
    redis.call('ZREM', KEYS[1], ARGV[i]) -- nobody's
  elseif place ~= at then
    redis.call('ZREM', KEYS[1], ARGV[i])
    if at ~= never then
      redis.call('ZADD', KEYS[1], 0, at .. string.sub(ARGV[i], 9))
    end
    redis.call('SETRANGE', KEYS[i], from, at)
  end
end
return 1
