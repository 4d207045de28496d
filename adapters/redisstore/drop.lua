-- KEYS: the row, the due keys, the expiries
-- ARGV: the key, an expiry ("" whatever it is)
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
if ARGV[2] ~= '' then
  redis.call('ZREM', KEYS[3], ARGV[2] .. ARGV[1])
end
if head == '' then
  return 0
end
if ARGV[2] ~= '' and ARGV[2] ~= string.sub(head, 33, 48) then
  return 0 -- it lives longer by now
end
redis.call('ZREM', KEYS[2], string.sub(head, 17, 32) .. ARGV[1])
redis.call('ZREM', KEYS[3], string.sub(head, 33, 48) .. ARGV[1])
redis.call('DEL', KEYS[1])
return 1
