package callflow_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func marshal(t testing.TB, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return string(data)
}
