-- KEYS: the row, the due keys, the expiries
-- ARGV: the key, the expiry that the row must have ("" whatever it has)
local head = redis.call('GETRANGE', KEYS[1], 0, 47)
if head == '' then
  return 0
end
if ARGV[2] ~= '' and ARGV[2] ~= string.sub(head, 33, 40) then
  return 0 -- it lives longer by now
end
redis.call('ZREM', KEYS[2], string.sub(head, 1, 8) .. ARGV[1])
redis.call('ZREM', KEYS[3], string.sub(head, 9, 16) .. ARGV[1])
redis.call('DEL', KEYS[1])
return 1
