-- KEYS: the row, the due keys
-- ARGV: the key, the instant at which it stands among the due keys
if string.sub(redis.call('GETRANGE', KEYS[1], 0, 31), 17) ~= ARGV[2] then
  redis.call('ZREM', KEYS[2], ARGV[2] .. ARGV[1])
end
return 1
