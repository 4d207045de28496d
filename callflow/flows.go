package callflow

import (
	"context"
	"fmt"

	"github.com/afterbeep/afterbeep/phone"
)

// Flows finds the flow that a session began on. It is a socket; a host keeps
// the definitions, all versions that calls may still be in, and compiles them
// when asked. It may be called concurrently.
type Flows interface {
	// Flow is the flow of that digest; [ErrNotFound] when the tenant has none.
	Flow(ctx context.Context, tenant phone.TenantID, digest string) (*Flow, error)
}

// FlowMap is a [Flows] in memory: tenant, then digest. It may be read
// concurrently as long as nobody adds to it.
type FlowMap map[phone.TenantID]map[string]*Flow

// Add puts f in the map.
func (m FlowMap) Add(tenant phone.TenantID, f *Flow) {
	if m[tenant] == nil {
		m[tenant] = make(map[string]*Flow, 1)
	}
	m[tenant][f.Digest()] = f
}

// Flow implements [Flows].
func (m FlowMap) Flow(_ context.Context, tenant phone.TenantID, digest string) (*Flow, error) {
	f, ok := m[tenant][digest]
	if !ok {
		return nil, fmt.Errorf("%w: flow %s", ErrNotFound, digest)
	}
	return f, nil
}
