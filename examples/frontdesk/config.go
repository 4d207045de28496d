package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// config is the office on paper: one JSON file.
type config struct {
	Name      string         `json:"name"`
	Number    phone.Number   `json:"number"`
	Listen    string         `json:"listen"`
	Languages []language.Tag `json:"languages"`

	Hours    json.RawMessage `json:"hours"`    // package hours: Spec
	Holidays []string        `json:"holidays"` // regions: "CA-QC"

	// Phones are who is rung for a target of the flow: SIP addresses, besides
	// the phones that register under the name of the target.
	Phones map[string][]string `json:"phones"`
	// Accounts are the names that may register, with their passwords; when all
	// passwords are empty any phone on this machine may.
	Accounts map[string]string `json:"accounts"`

	Flow json.RawMessage `json:"flow"` // package callflow: Definition

	Sounds    string           `json:"sounds"` // the folder of prompts and greetings
	Greetings []greetingConfig `json:"greetings"`

	Mailboxes map[phone.MailboxID]afterbeep.Settings `json:"mailboxes"`
	Replies   []autoreply.Rule                       `json:"replies"`
	Contacts  []contactConfig                        `json:"contacts"`

	file  string // where it stands
	data  []byte
	files fs.FS // what Sounds is relative to
}

// greetingConfig is a greeting and when it is heard.
type greetingConfig struct {
	File     string        `json:"file"`
	Language language.Tag  `json:"language"`
	When     greeting.When `json:"when"`
}

// contactConfig is one card of the address book.
type contactConfig struct {
	Number   phone.Number `json:"number"`
	Name     string       `json:"name"`
	Language language.Tag `json:"language"`
	Blocked  bool         `json:"blocked"`
}

// maxConfig is the largest configuration in bytes.
const maxConfig = 1 << 20

// readConfig reads the file name, or the one that ships with the program when
// name is empty.
func readConfig(name string) (*config, error) {
	c := &config{file: name, files: shipped}
	if name == "" {
		c.file = shippedConfig
	} else {
		c.files = os.DirFS(filepath.Dir(name))
	}
	f, err := c.open(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	if c.data, err = io.ReadAll(io.LimitReader(f, maxConfig+1)); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if len(c.data) > maxConfig {
		return nil, &fault{c.file, 1, fmt.Sprintf("want at most %d bytes", maxConfig)}
	}
	if err := c.decode(); err != nil {
		return nil, err
	}
	return c, c.check()
}

func (c *config) open(name string) (fs.File, error) {
	if name == "" {
		return shipped.Open(shippedConfig)
	}
	return os.Open(name)
}

func (c *config) decode() error {
	decoder := json.NewDecoder(bytes.NewReader(c.data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(c)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return &fault{c.file, lineAt(c.data, decoder.InputOffset()), "want nothing behind the closing brace"}
	}
	offset := decoder.InputOffset()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		return &fault{c.file, lineAt(c.data, kind.Offset), fmt.Sprintf("%s is a %s, want %s", kind.Field, kind.Value, kind.Type)}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &fault{c.file, lineAt(c.data, int64(len(c.data))), "the file ends in the middle, want a closing brace"}
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if name, ok := strings.CutPrefix(text, "unknown field "); ok {
		// The decoder does not say where: the name does.
		offset = int64(max(bytes.Index(c.data, []byte(name)), 0))
		text += ", want one that examples/frontdesk/frontdesk.json shows"
	}
	return &fault{c.file, lineAt(c.data, offset), text}
}

// wrong is a fault at a JSON pointer of the configuration.
func (c *config) wrong(pointer, format string, args ...any) error {
	return &fault{c.file, lineOf(c.data, pointer), strings.TrimPrefix(pointer, "/") + ": " + fmt.Sprintf(format, args...)}
}

// check looks at what the packages do not: that the parts fit together.
func (c *config) check() error {
	var problems []error
	need := func(ok bool, pointer, want string) {
		if !ok {
			problems = append(problems, c.wrong(pointer, "want %s", want))
		}
	}
	need(c.Name != "", "/name", "the name of the company")
	need(c.Number.CanText(), "/number", "a number such as +15145550199")
	need(len(c.Languages) > 0, "/languages", `at least one language, such as ["fr-CA", "en-CA"]`)
	need(len(c.Hours) > 0, "/hours", "the opening hours")
	need(len(c.Flow) > 0, "/flow", "what happens to a call")
	need(len(c.Mailboxes) > 0, "/mailboxes", "at least one mailbox")
	if c.Listen == "" {
		c.Listen = "127.0.0.1:5060"
	}
	if c.Sounds == "" {
		c.Sounds = "prompts"
	}
	for name, settings := range c.Mailboxes {
		if err := settings.Check(); err != nil {
			problems = append(problems, c.wrong("/mailboxes/"+string(name), "%v", err))
		}
	}
	for i, contact := range c.Contacts {
		need(contact.Number.Kind() != phone.Withheld, fmt.Sprintf("/contacts/%d/number", i), "a number")
	}
	return errors.Join(problems...)
}

// located gives the errors of a package, which know their JSON pointers, the
// lines of the file. under is where the part stands in the file.
func (c *config) located(err error, under string) error {
	if err == nil {
		return nil
	}
	var all []error
	c.locate(err, under, &all)
	slices.SortStableFunc(all, func(a, b error) int { return a.(*fault).line - b.(*fault).line })
	return errors.Join(all...)
}

func (c *config) locate(err error, under string, all *[]error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			c.locate(err, under, all)
		}
		return
	}
	var day *hours.Problem
	var hello *greeting.Error
	var rule *autoreply.Problem
	var flow *callflow.ReportError
	switch {
	case errors.As(err, &day):
		*all = append(*all, c.wrong(under+day.Pointer, "%s, want %s", quoted(day.Got), day.Want))
	case errors.As(err, &hello):
		*all = append(*all, c.wrong(under+hello.Path, "want %s", hello.Want))
	case errors.As(err, &rule):
		*all = append(*all, c.wrong(under+strings.TrimPrefix(rule.Path, "/rules"), "want %s", rule.Want))
	case errors.As(err, &flow):
		for _, p := range flow.Problems {
			if p.Severity == callflow.Error {
				*all = append(*all, c.wrong(under+p.Pointer, "%s; %s", p.Text, p.Fix))
			}
		}
	default:
		*all = append(*all, c.wrong(under, "%v", err))
	}
}

func quoted(text string) string {
	if text == "" {
		return "nothing here"
	}
	return fmt.Sprintf("%q", text)
}

// spec is the opening hours as they are written.
func (c *config) spec() (hours.Spec, error) {
	spec, err := hours.ParseSpec(c.Hours)
	return spec, c.located(err, "/hours")
}

// schedule compiles the opening hours with the holidays of the regions.
func (c *config) schedule() (hours.Schedule, error) {
	spec, err := c.spec()
	if err != nil {
		return hours.Schedule{}, err
	}
	for i, region := range c.Holidays {
		holidays, err := hours.Holidays(region)
		if err != nil {
			return hours.Schedule{}, c.wrong(fmt.Sprintf("/holidays/%d", i), "%v", err)
		}
		spec.Holidays = append(spec.Holidays, holidays...)
	}
	schedule, err := hours.New(spec)
	return schedule, c.located(err, "/hours")
}

// flow compiles the flow against everything that the office knows; a ring time
// that is not zero replaces those of the flow.
func (c *config) flow(schedule hours.Schedule, ring time.Duration) (*callflow.Flow, error) {
	prompts, err := c.prompts()
	if err != nil {
		return nil, err
	}
	env := &callflow.Env{
		Schedules: map[string]hours.Schedule{scheduleName: schedule},
		Prompts:   prompts,
		Targets:   slices.Collect(maps.Keys(c.Phones)),
		Languages: c.Languages,
		Mailboxes: c.boxes(),
	}
	if ring == 0 {
		flow, report := callflow.Parse(c.Flow, env)
		return flow, c.located(report.Err(), "/flow")
	}
	var d callflow.Definition
	if err := json.Unmarshal(c.Flow, &d); err != nil {
		return nil, c.located(err, "/flow")
	}
	for name, node := range d.Steps {
		if step, ok := node.Step.(callflow.Ring); ok {
			step.For = ring
			node.Step = step
			d.Steps[name] = node
		}
	}
	flow, report := callflow.Compile(d, env)
	return flow, c.located(report.Err(), "/flow")
}

// boxes are the names of the mailboxes.
func (c *config) boxes() []string {
	var names []string
	for name := range c.Mailboxes {
		names = append(names, string(name))
	}
	return names
}

// scheduleName is what steps of kind hours call the opening hours.
const scheduleName = "office"

// prompts are the names of the sounds that every language of the office has.
func (c *config) prompts() ([]string, error) {
	shared, err := soundNames(c.files, c.Sounds)
	if err != nil {
		return nil, c.wrong("/sounds", "%v", err)
	}
	for i, tag := range c.Languages {
		base, _ := tag.Base()
		names, err := soundNames(c.files, c.Sounds+"/"+base.String())
		if err != nil {
			return nil, c.wrong("/sounds", "%v", err)
		}
		if i == 0 {
			shared = append(shared, names...)
			continue
		}
		// A name of the first language that this one lacks has no sound for
		// its callers.
		for _, name := range names {
			if !slices.Contains(shared, name) {
				shared = append(shared, name)
			}
		}
	}
	return shared, nil
}

func soundNames(files fs.FS, folder string) ([]string, error) {
	found, err := fs.Glob(files, folder+"/*.wav")
	for i, name := range found {
		found[i] = strings.TrimSuffix(filepath.Base(name), ".wav")
	}
	return found, err
}
