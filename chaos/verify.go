package chaos

import "maps"

// deed names a mutation: its id is its author's.
type deed struct{ author, id string }

// where is the place of a version.
type where struct {
	note    string
	version int64
}

// event is the place of an event in an account's log.
type event struct {
	account string
	seq     int64
}

// verifier holds what was seen against what was sent.
type verifier struct {
	*Record
	findings
	frames frames
	sent   map[deed]*Mutation
	made   map[deed]where            // the version that a mutation made
	rows   map[string]map[deed]int64 // by account: where in its log a mutation is
	live   map[event]string          // what connections showed and the log shows no longer
	states map[string][]*state       // by note: [v] is the note as of version v, as the mutations say; [0] is nil

	folders map[string]map[string]Folder // by account, as its log makes them
}

// Verify returns everything in the record that must not be. It only computes, and is
// deterministic: the findings come in the order of the rules.
func Verify(r *Record) []Finding {
	record := *r
	r = &record
	v := &verifier{
		Record: r, frames: frames{}, sent: map[deed]*Mutation{}, made: map[deed]where{},
		rows: map[string]map[deed]int64{}, states: map[string][]*state{}, live: map[event]string{}, folders: map[string]map[string]Folder{},
	}
	for _, m := range r.Mutations {
		v.sent[deed{m.Author, m.ID}] = m
	}
	v.piece()
	for _, note := range sorted(r.Notes) {
		v.history(note, r.Notes[note])
	}
	for _, user := range sorted(r.Accounts) {
		v.log(user, r.Accounts[user].Log)
	}
	for _, m := range r.Mutations {
		v.mutation(m)
	}
	for _, note := range sorted(r.Notes) {
		v.complete(note)
		v.noteReplay(note, r.Notes[note])
	}
	for _, s := range r.Followers {
		switch {
		case s.Note == "":
			v.accountFollower(s)
		case s.Passer:
			v.passer(s)
		default:
			v.noteFollower(s)
		}
	}
	for _, user := range sorted(r.Accounts) {
		v.lists(user, r.Accounts[user])
		v.foldersAtTheEnd(user, r.Accounts[user])
	}
	for _, note := range sorted(r.Gone) {
		v.gone(note, r.Gone[note])
	}
	v.presence()
	for _, s := range r.Sightings {
		v.sighting(s)
	}
	return v.all
}

// effect returns the mutation of which something is seen, or nil and a finding: it was never
// sent, or refused, or was another operation.
func (v *verifier) effect(d deed, note, evidence string) *Mutation {
	m := v.sent[d]
	switch {
	case m == nil:
		v.add(RuleHistory, "a change that nobody sent", evidence)
		return nil
	case m.cannotBe():
		v.add(RuleRefused, "a mutation that was refused has an effect", m.describe(), evidence)
		return nil
	case m.Note != note:
		v.add(RuleHistory, "a mutation changed another note than it was sent for", m.describe(), evidence)
		return nil
	}
	return m
}

// mutation checks what became of a mutation against what its sender was told.
func (v *verifier) mutation(m *Mutation) {
	d := deed{m.Author, m.ID}
	v.answers(m)
	v.answersMerge(m, v.version(m))
	made, there := v.made[d]
	if there && m.Op == "edit" && m.Expected != 0 && made.version != m.Expected+1 {
		v.add(RuleStrict, "an edit of one version came after another", m.describe(), v.Notes[made.note].Versions[made.version-1].describe(made.note))
	}
	ack := m.ack()
	if ack == nil {
		return
	}
	switch {
	case m.Op == "organise" || m.ofFolder():
		v.placed(m, ack)
	case there && made.version == ack.Version:
		v.placed(m, ack)
	case there:
		v.add(RuleAcknowledged, "a mutation is at another version than its answer says", m.describe(), v.Notes[made.note].Versions[made.version-1].describe(made.note))
	case !v.idle(m, ack.Version):
		v.add(RuleAcknowledged, "a mutation was acknowledged and is in no history: it is lost", m.describe())
	}
}

// placed checks that the author's log has the mutation where the answer says.
func (v *verifier) placed(m *Mutation, ack *Attempt) {
	account := v.Accounts[m.Author]
	if account == nil {
		return // his log was not asked for
	}
	seq, err := place(ack.Cursor)
	if err != nil || seq < 1 || seq > int64(len(account.Log)) {
		v.add(RuleAcknowledged, "a mutation is acknowledged at a place that its author's log has not", m.describe())
		return
	}
	if at := v.rows[m.Author][deed{m.Author, m.ID}]; at != seq {
		v.add(RuleAcknowledged, "a mutation is not where its answer says in its author's log", m.describe(), account.Log[seq-1].Data)
	}
}

// idle reports whether the mutation had nothing to do at that version: the note was as it asks.
func (v *verifier) idle(m *Mutation, version int64) bool {
	states := v.states[m.Note]
	if version < 1 || version >= int64(len(states)) {
		return false
	}
	now := states[version]
	switch m.Op {
	case "trash":
		return now.deleted
	case "restore":
		return !now.deleted
	case "share":
		next := apply(states[:version+1], m)
		return next != nil && next.owner == now.owner && next.public == now.public && maps.Equal(next.members, now.members)
	case "edit":
		base, there := v.base(m, states)
		return m.based() && there && (now.unknown || base.unknown || base.changed(m) == now.body)
	}
	return false
}

// mayRefuse lists the reasons for which an operation of a run may be refused.
var mayRefuse = map[string][]string{
	"create":        {"note_exists"},
	"edit":          {"forbidden", "not_found", "version_mismatch", "base_gone", "note_expired", "purged"},
	"organise":      {"forbidden", "not_found", "purged"},
	"revert":        {"forbidden", "not_found", "note_expired", "purged"},
	"trash":         {"forbidden", "not_found", "purged"},
	"restore":       {"forbidden", "not_found", "purged"},
	"purge":         {"forbidden", "not_found", "purged", "invalid"}, // not in the trash
	"share":         {"forbidden", "not_found", "purged", "invalid", "limit_exceeded"},
	"leave":         {"forbidden", "not_found", "purged"},
	"folder_create": {"invalid", "limit_exceeded"}, // the parent is not there
	"folder_update": {"not_found", "invalid", "limit_exceeded"},
	"folder_delete": {"not_found", "conflict"},
}
