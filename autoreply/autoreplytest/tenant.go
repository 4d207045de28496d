package autoreplytest

import (
	"context"
	"errors"
	"fmt"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// eraseTenant fills three tenants, one of them without a name, with settled
// rows, waiting ones and breakers, and erases one.
func eraseTenant(ctx context.Context, a, b autoreply.Ledger) error {
	const n = 60
	rows := func(tenant phone.TenantID) []autoreply.Key {
		keys := []autoreply.Key{{Tenant: tenant}, {Tenant: tenant, Line: "l"}}
		for i := range n {
			keys = append(keys, autoreply.Key{Tenant: tenant, Line: phone.LineID([]string{"", "l"}[i%2]), Contact: phone.ContactKey(fmt.Sprintf("+1514555%04d", i))})
		}
		return append(keys, autoreply.Key{Tenant: tenant, Contact: "a name"}, autoreply.Key{Tenant: tenant, Contact: "b name"})
	}
	for _, tenant := range []phone.TenantID{"t", "tt", ""} {
		for i, k := range rows(tenant) {
			row := plain(1)
			if i%3 == 0 {
				row = due(1, start)
			}
			if err := a.Swap(ctx, k, row); err != nil {
				return err
			}
		}
	}
	left := func(want map[phone.TenantID]bool) error {
		for tenant, there := range want {
			for _, k := range rows(tenant) {
				if row, err := b.Load(ctx, k); err != nil || (row.Revision == 1) != there {
					return fmt.Errorf("row of %+v: revision %d, should be there: %t: %w", k, row.Revision, there, err)
				}
			}
		}
		keys, err := b.Due(ctx, far, 1000)
		for _, k := range keys {
			if !want[k.Tenant] {
				err = errors.Join(err, fmt.Errorf("%+v is due and was erased", k))
			}
		}
		return err
	}
	if err := errors.Join(a.EraseTenant(ctx, "nobody"), left(map[phone.TenantID]bool{"t": true, "tt": true, "": true})); err != nil {
		return err
	}
	if err := errors.Join(a.EraseTenant(ctx, "t"), a.EraseTenant(ctx, "t"), left(map[phone.TenantID]bool{"t": false, "tt": true, "": true})); err != nil {
		return err
	}
	if err := errors.Join(a.EraseTenant(ctx, ""), left(map[phone.TenantID]bool{"t": false, "tt": true, "": false})); err != nil {
		return err
	}
	return swaps(ctx, b, rows("t")[0], true, plain(1))
}
