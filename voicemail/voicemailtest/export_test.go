package voicemailtest

// TB is what a check needs of a test.
type TB = tb

// Checks of the suites, for the tests that prove them.
var (
	StoreChecks = storeChecks
	BlobChecks  = blobChecks
	SpoolChecks = spoolChecks
)

// Name is the name of the check.
func (c check[S]) Name() string { return c.name }

// Run runs the check.
func (c check[S]) Run(t tb, s S) { c.run(t, s) }
