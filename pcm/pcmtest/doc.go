// Package pcmtest helps tests to listen. [Align] finds a sound in a recording of
// it and says how alike they are; [ToneLevel] finds a tone; [Voice] makes
// something that a meter takes for a person.
//
// It is for tests only: production code must not import it.
package pcmtest
