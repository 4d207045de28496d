package transcript

// Search finds where the words of query follow one another in t, whatever
// their case and accents, and returns ranges of words, half-open. Which text
// somebody may search is the host's to decide: search [Document.Current], or
// what a [Filter] makes of it.
func (t Transcript) Search(query string) [][2]int {
	b := newBases()
	var wanted []uint64
	for _, w := range split(query) {
		wanted = append(wanted, b.hash(query[w.From:w.To]))
	}
	if len(wanted) == 0 {
		return nil
	}
	var out [][2]int
	words := make([]uint64, len(t.Words))
	for i := range t.Words {
		words[i] = b.hash(t.Word(i))
	}
	for i := 0; i+len(wanted) <= len(words); i++ {
		same := true
		for j, h := range wanted {
			same = same && words[i+j] == h
		}
		if same {
			out = append(out, [2]int{i, i + len(wanted)})
		}
	}
	return out
}
