package phone

import (
	"database/sql/driver"
	"fmt"
)

// Value stores the canonical form, so that a column can be searched; a
// withheld number is the empty text, never NULL.
func (n Number) Value() (driver.Value, error) { return n.String(), nil }

// Scan reads a text column, or NULL as a withheld number.
func (n *Number) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*n = Number{}
		return nil
	case string:
		return n.UnmarshalText([]byte(src))
	case []byte:
		return n.UnmarshalText(src)
	}
	return fmt.Errorf("phone: cannot scan %T into a number", src)
}
