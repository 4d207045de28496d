package phonenumbers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/phonenumbers"
	"github.com/afterbeep/afterbeep/phone"
)

func TestZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, want string }{
		{"+15148441234", "America/Toronto"},
		{"+33612345678", "Europe/Paris"},
		{"+442071838750", "Europe/London"},
		{"+81332249999", "Asia/Tokyo"},
		{"+18003569377", ""}, // toll-free: anywhere
		{"+61412345678", ""}, // a mobile number of a country with several zones
		{"911", ""},
		{"ACME", ""},
		{"", ""},
	} {
		n, err := phone.ParseNumber(c.number)
		require.NoError(t, err)
		zone := phonenumbers.Zone(n)
		if c.want == "" {
			assert.Nil(t, zone, c.number)
			continue
		}
		require.NotNil(t, zone, c.number)
		assert.Equal(t, c.want, zone.String())
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	n, err := phone.ParseNumber("+18003569377")
	require.NoError(t, err)
	zones := phonenumbers.Zones(n)
	require.Greater(t, len(zones), 5)
	zones[0] = "changed by the caller"
	assert.NotEqual(t, zones[0], phonenumbers.Zones(n)[0])
	assert.Empty(t, phonenumbers.Zones(phone.Number{}))
}
