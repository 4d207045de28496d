package callflow

import _ "embed"

//go:embed flow.schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of the form that [Parse] reads,
// for editors and for hosts in other languages. A form that fits it is well
// spelt; only [Parse] says whether the flow is sound.
func Schema() string { return schema }
