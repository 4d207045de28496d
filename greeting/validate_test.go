package greeting_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	day := func(y int, m time.Month, d int) hours.Civil { return hours.Date(y, m, d) }
	long := strings.Repeat("x", greeting.MaxID+1)
	for name, c := range map[string]struct {
		change func(*greeting.Snapshot)
		path   string
		code   greeting.Code
	}{
		"future version":    {func(s *greeting.Snapshot) { s.V = 2 }, "/v", greeting.CodeUnknown},
		"negative version":  {func(s *greeting.Snapshot) { s.V = -1 }, "/v", greeting.CodeUnknown},
		"negative revision": {func(s *greeting.Snapshot) { s.Revision = -1 }, "/revision", greeting.CodeMalformed},
		"long tenant":       {func(s *greeting.Snapshot) { s.Tenant = phone.TenantID(long) }, "/tenant", greeting.CodeTooLong},

		"greeting without id": {func(s *greeting.Snapshot) { s.Greetings[1].ID = "" }, "/greetings/1/id", greeting.CodeMissing},
		"greeting id twice":   {func(s *greeting.Snapshot) { s.Greetings[1].ID = "g" }, "/greetings/1/id", greeting.CodeDuplicate},
		"built-in id":         {func(s *greeting.Snapshot) { s.Greetings[1].ID = "builtin-fr" }, "/greetings/1/id", greeting.CodeReserved},
		"long name": {
			func(s *greeting.Snapshot) { s.Greetings[0].Name = strings.Repeat("x", greeting.MaxName+1) },
			"/greetings/0/name", greeting.CodeTooLong,
		},
		"long script": {
			func(s *greeting.Snapshot) { s.Greetings[0].Script = strings.Repeat("x", greeting.MaxScript+1) },
			"/greetings/0/script", greeting.CodeTooLong,
		},
		"clip is a path": {
			func(s *greeting.Snapshot) { s.Greetings[0].Clip = "../../etc/passwd" }, "/greetings/0/clip", greeting.CodeMalformed,
		},
		"clip in capitals": {
			func(s *greeting.Snapshot) { s.Greetings[0].Clip = strings.Repeat("A", 64) }, "/greetings/0/clip", greeting.CodeMalformed,
		},

		"rule without id":     {func(s *greeting.Snapshot) { s.Rules[0].ID = "" }, "/rules/0/id", greeting.CodeMissing},
		"rule id twice":       {func(s *greeting.Snapshot) { s.Rules[1].ID = "r" }, "/rules/1/id", greeting.CodeDuplicate},
		"long rule id":        {func(s *greeting.Snapshot) { s.Rules[1].ID = long }, "/rules/1/id", greeting.CodeTooLong},
		"no greeting":         {func(s *greeting.Snapshot) { s.Rules[0].Greeting = "" }, "/rules/0/greeting", greeting.CodeMissing},
		"unknown greeting":    {func(s *greeting.Snapshot) { s.Rules[0].Greeting = "x" }, "/rules/0/greeting", greeting.CodeUnknown},
		"unknown class":       {func(s *greeting.Snapshot) { s.Rules[0].Class = "x" }, "/rules/0/class", greeting.CodeUnknown},
		"class of built-ins":  {func(s *greeting.Snapshot) { s.Rules[0].Class = "builtin" }, "/rules/0/class", greeting.CodeReserved},
		"unknown kind":        {func(s *greeting.Snapshot) { s.Rules[0].When.Kinds = []hours.Kind{"open", "x"} }, "/rules/0/when/kinds/1", greeting.CodeUnknown},
		"six kinds":           {func(s *greeting.Snapshot) { s.Rules[0].When.Kinds = make([]hours.Kind, 6) }, "/rules/0/when/kinds", greeting.CodeTooMany},
		"empty outcome":       {func(s *greeting.Snapshot) { s.Rules[0].When.Outcomes = []phone.Outcome{""} }, "/rules/0/when/outcomes/0", greeting.CodeMissing},
		"too many outcomes":   {func(s *greeting.Snapshot) { s.Rules[0].When.Outcomes = make([]phone.Outcome, 33) }, "/rules/0/when/outcomes", greeting.CodeTooMany},
		"long holiday":        {func(s *greeting.Snapshot) { s.Rules[0].When.Holiday = long + long }, "/rules/0/when/holiday", greeting.CodeTooLong},
		"long department":     {func(s *greeting.Snapshot) { s.Rules[0].When.Department = long }, "/rules/0/when/department", greeting.CodeTooLong},
		"long line":           {func(s *greeting.Snapshot) { s.Rules[0].When.Line = phone.LineID(long) }, "/rules/0/when/line", greeting.CodeTooLong},
		"long mailbox":        {func(s *greeting.Snapshot) { s.Rules[0].When.Mailbox = phone.MailboxID(long) }, "/rules/0/when/mailbox", greeting.CodeTooLong},
		"endless override":    {func(s *greeting.Snapshot) { s.Rules[0].Class = greeting.ClassOverride }, "/rules/0/until", greeting.CodeNoEnd},
		"dates without zone":  {func(s *greeting.Snapshot) { s.Rules[0].From = day(2026, 1, 1) }, "/rules/0/zone", greeting.CodeMissing},
		"unknown zone":        {func(s *greeting.Snapshot) { s.Rules[0].Zone = "America/Atlantis" }, "/rules/0/zone", greeting.CodeUnknown},
		"zone of the machine": {func(s *greeting.Snapshot) { s.Rules[0].Zone = "Local" }, "/rules/0/zone", greeting.CodeUnknown},
		"zone is a path":      {func(s *greeting.Snapshot) { s.Rules[0].Zone = "../etc/passwd" }, "/rules/0/zone", greeting.CodeUnknown},
		"long zone":           {func(s *greeting.Snapshot) { s.Rules[0].Zone = long }, "/rules/0/zone", greeting.CodeTooLong},
		"30 February": {func(s *greeting.Snapshot) {
			s.Rules[0].From, s.Rules[0].Zone = day(2026, 2, 30), montreal
		}, "/rules/0/from", greeting.CodeMalformed},
		"minute 1440": {func(s *greeting.Snapshot) {
			s.Rules[0].Until, s.Rules[0].Zone = hours.Civil{Year: 2026, Month: 1, Day: 1, Minute: 1440}, montreal
		}, "/rules/0/until", greeting.CodeMalformed},
		"ends where it begins": {func(s *greeting.Snapshot) {
			s.Rules[0].From, s.Rules[0].Until, s.Rules[0].Zone = day(2026, 1, 1), day(2026, 1, 1), montreal
		}, "/rules/0/until", greeting.CodeEmptySpan},
		"within the gap of the clock": {func(s *greeting.Snapshot) {
			s.Rules[0].From = hours.Civil{Year: 2026, Month: 3, Day: 8, Minute: 2*60 + 10}
			s.Rules[0].Until = hours.Civil{Year: 2026, Month: 3, Day: 8, Minute: 2*60 + 50}
			s.Rules[0].Zone = montreal
		}, "/rules/0/until", greeting.CodeEmptySpan},
	} {
		s := greeting.Snapshot{
			Greetings: []greeting.Greeting{hello("g", language.English), hello("h", language.French)},
			Rules:     []greeting.Rule{{ID: "r", Greeting: "g"}, {ID: "s", Greeting: "builtin-es"}},
		}
		_, err := greeting.New(s, nil)
		require.NoError(t, err)
		c.change(&s)
		l, err := greeting.New(s, nil)
		require.Error(t, err, name)
		assert.Nil(t, l, name)
		require.ErrorIs(t, err, greeting.ErrInvalid)
		all := greeting.Errors(err)
		require.Len(t, all, 1, "%s: %v", name, err)
		assert.Equal(t, c.path, all[0].Path, name)
		assert.Equal(t, c.code, all[0].Code, name)
		assert.True(t, strings.HasPrefix(all[0].Error(), "greeting: "+c.path), all[0].Error())
	}
}

func TestNewReportsAll(t *testing.T) {
	t.Parallel()
	_, err := greeting.New(greeting.Snapshot{
		V:         9,
		Greetings: []greeting.Greeting{{ID: "g", Clip: "x"}, {ID: "g"}},
		Rules:     []greeting.Rule{{ID: "r", Greeting: "nobody", Class: "loud"}},
	}, nil)
	var paths []string
	for _, e := range greeting.Errors(fmt.Errorf("wrapped: %w", err)) {
		paths = append(paths, e.Path)
	}
	assert.Equal(t, []string{"/v", "/greetings/0/clip", "/greetings/1/id", "/rules/0/greeting", "/rules/0/class"}, paths)
	assert.Empty(t, greeting.Errors(nil))
}

func TestLimitsOfLists(t *testing.T) {
	t.Parallel()
	three := make([]greeting.Rule, 3)
	for i := range three {
		three[i] = greeting.Rule{ID: fmt.Sprint(i), Greeting: "builtin-en"}
	}
	for name, c := range map[string]struct {
		options greeting.Options
		path    string
	}{
		"rules":             {greeting.Options{MaxRules: 2}, "/rules"},
		"as many as fit":    {greeting.Options{MaxRules: 3}, ""},
		"negative":          {greeting.Options{MaxRules: -1}, "options/MaxRules"},
		"beyond the range":  {greeting.Options{MaxGreetings: 100_001}, "options/MaxGreetings"},
		"the default limit": {greeting.Options{}, ""},
	} {
		_, err := greeting.New(greeting.Snapshot{Rules: three}, &c.options)
		if c.path == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Len(t, greeting.Errors(err), 1, name)
		assert.Equal(t, c.path, greeting.Errors(err)[0].Path, name)
	}
	_, err := greeting.New(greeting.Snapshot{Greetings: make([]greeting.Greeting, 2001)}, nil)
	assert.Len(t, greeting.Errors(err), 1)
	_, err = greeting.New(greeting.Snapshot{Greetings: make([]greeting.Greeting, 2000)}, nil)
	assert.Len(t, greeting.Errors(err), 100, "a hostile snapshot has no endless error")
}
