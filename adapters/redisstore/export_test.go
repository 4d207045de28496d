package redisstore

// The parsers, for their fuzz targets.
var (
	Name   = name
	Unname = unname
	Decode = decode
	Encode = encode
)
