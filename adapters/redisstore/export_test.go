package redisstore

import "github.com/afterbeep/afterbeep/autoreply"

// The parsers, for their fuzz targets.
var (
	Unname = unname
	Decode = decode
)

// Name is a key as it stands in the sets.
func Name(k autoreply.Key) string { return name("", k) }

// Encode is a row as the script stores it, with the places that it has first.
func Encode(e autoreply.Entry, nonce uint64) (string, error) {
	_, row, err := encode(e, nonce)
	if err != nil {
		return "", err
	}
	return row[field:3*field] + row, nil
}
