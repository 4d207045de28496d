package redisstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// FuzzName: a key is its name, and no other key is.
func FuzzName(f *testing.F) {
	f.Add("acme", "", "+15145550100")
	f.Add("a:1", "1:", ":")
	f.Add("", "", "")
	f.Add("1", "0:0:", "\x00\xff")
	f.Fuzz(func(t *testing.T, tenant, line, contact string) {
		k := autoreply.Key{Tenant: phone.TenantID(tenant), Line: phone.LineID(line), Contact: phone.ContactKey(contact)}
		back, err := redisstore.Unname(redisstore.Name(k))
		require.NoError(t, err)
		require.Equal(t, k, back)
	})
}

// FuzzUnname: any member of a set is a key or an error.
func FuzzUnname(f *testing.F) {
	for _, seed := range []string{"4:0:acme+15145550100", "", "0:0:", "-1:0:x", "9:9:x", "1:", "99999999999999999999:0:x", "9223372036854775807:9223372036854775807:x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := redisstore.Unname(text); err != nil {
			require.ErrorIs(t, err, autoreply.ErrRow)
		}
	})
}

// FuzzDecode: any bytes are a row or an error.
func FuzzDecode(f *testing.F) {
	text, err := redisstore.Encode(dueRow(1, start), 1)
	require.NoError(f, err)
	f.Add([]byte(text))
	f.Add([]byte(text[:48]))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, row []byte) {
		e, err := redisstore.Decode(row)
		if err != nil {
			require.ErrorIs(t, err, autoreply.ErrRow)
			return
		}
		again, err := redisstore.Encode(e, 2)
		require.NoError(t, err)
		back, err := redisstore.Decode([]byte(again))
		require.NoError(t, err)
		require.Equal(t, e.Revision, back.Revision)
	})
}
