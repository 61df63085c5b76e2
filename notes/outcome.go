package notes

import "context"

// Outcome is the answer to an accepted mutation. Repeating the mutation gives an equal one.
type Outcome struct {
	Op       string
	Mutation MutationID
	Note     NoteID
	Version  int64  // of the note, after the mutation
	Cursor   Cursor // of the author's log, after the mutation
	At       Millis // when it was committed
	// View is the note at that version as the author sees it; nil after Leave and Purge,
	// and where a repeated mutation's version is no longer kept or its note was purged since.
	View *View
	// Merged and Conflicts are of the version that an edit made.
	Merged    bool
	Conflicts []string
	Kept      bool // what was posted is kept beside the version
	// Folder is what a mutation of a folder left; nil after FolderDelete.
	FolderID FolderID
	Folder   *Folder
	// Logged is true if the mutation has a row in the author's log; one that found its
	// effect already there has none.
	Logged bool
	// Repeated is true if an earlier commit is answered again.
	Repeated bool
}

// outcome is the answer to a commit, made of the rows that it read and wrote.
func (s *Service) outcome(r Request, rows Rows, c *Commit) *Outcome {
	out := s.answer(r, c.Receipt)
	if r.Mutation.OfFolder() {
		out.ofFolder(c.row(), rows.Folders)
		return out
	}
	note := rows.Head
	if c.Version != nil {
		note = c.Version
	}
	out.ofVersion(note, r.Author)
	view := View{Note: note.Note}
	if row := c.row(); row != nil {
		out.At = row.At
		if row.outOfSight() {
			return out
		}
		view.Fields = &row.Fields
	} else if entry := rows.Account[r.Author].Entry; entry != nil {
		view.Fields = &entry.Fields
	}
	out.View = &view
	return out
}

// outOfSight reports whether the account may no longer see the note at all.
func (r *LogRow) outOfSight() bool {
	return r.Kind == KindDeleted && (r.Reason == ReasonAccessLost || r.Reason == ReasonPurged)
}

func (s *Service) answer(r Request, receipt *Receipt) *Outcome {
	return &Outcome{
		Op: r.Op.Name(), Mutation: r.Mutation.ID, Note: receipt.Note, Version: receipt.Version, FolderID: receipt.Folder,
		Cursor: Cursor{Epoch: s.store.Epoch(), Seq: receipt.Seq}, Logged: receipt.Logged,
	}
}

// ofVersion says what the author's mutation made, if it made that version.
func (o *Outcome) ofVersion(v *Version, author UserID) {
	o.At = v.UpdatedAt
	if v.Mutation == o.Mutation && v.Author == author {
		o.Merged, o.Conflicts, o.Kept = v.Merged, v.Conflicts, v.Kept() != nil
	}
}

// ofFolder is what the mutation wrote, or else what there is.
func (o *Outcome) ofFolder(row *LogRow, folders []*Folder) {
	if row != nil {
		o.Folder, o.At = row.Folder, row.At
	} else if found := findFolder(folders, o.FolderID); found != nil {
		o.Folder, o.At = found, found.UpdatedAt
	}
}

// repeat answers an earlier commit again, from its rows. repeated is false if that commit
// was this very call's, and only its answer was lost.
func (s *Service) repeat(ctx context.Context, r Request, receipt *Receipt, repeated bool) (*Outcome, error) {
	out := s.answer(r, receipt)
	out.Repeated = repeated
	row, err := s.rowOf(ctx, r.Author, receipt)
	if err != nil {
		return nil, err
	}
	if r.Mutation.OfFolder() {
		return s.repeatFolder(ctx, r, out, row)
	}
	versions, err := s.store.VersionsOf(ctx, VersionRef{receipt.Note, receipt.Version})
	if err != nil {
		return nil, unavailable(err)
	}
	if versions[0] != nil {
		out.ofVersion(versions[0], r.Author)
	}
	if row != nil {
		out.At = row.At
	}
	if versions[0] == nil {
		return out, nil
	}
	switch r.Op.(type) {
	case Leave, Purge:
		return out, nil
	}
	heads, err := s.store.BareHeads(ctx, receipt.Note)
	if err != nil {
		return nil, unavailable(err)
	}
	if heads[0] != nil && heads[0].Purged { // though its versions may still be there
		return out, nil
	}
	out.View = &View{Note: versions[0].Note, Fields: &Fields{}}
	switch {
	case row != nil:
		out.View.Fields = &row.Fields
		return out, nil
	case receipt.Fields != nil:
		out.View.Fields = receipt.Fields
		return out, nil
	}
	entries, err := s.store.EntriesOf(ctx, r.Author, receipt.Note)
	if err != nil {
		return nil, unavailable(err)
	}
	if entries[0] != nil { // the row is no longer kept: the fields are as they are now
		out.View.Fields = &entries[0].Fields
	}
	return out, nil
}

// repeatFolder answers with the folder as the row has it; if it is no longer kept, as it is now.
func (s *Service) repeatFolder(ctx context.Context, r Request, out *Outcome, row *LogRow) (*Outcome, error) {
	if _, gone := r.Op.(FolderDelete); row != nil || gone {
		out.ofFolder(row, nil)
		return out, nil
	}
	folders, err := s.store.Folders(ctx, r.Author)
	if err != nil {
		return nil, unavailable(err)
	}
	out.ofFolder(nil, folders)
	return out, nil
}

// rowOf returns the log row of the receipt's mutation, or nil if it has none, or none any
// more.
func (s *Service) rowOf(ctx context.Context, author UserID, receipt *Receipt) (*LogRow, error) {
	if !receipt.Logged {
		return nil, nil
	}
	rows, err := s.store.Log(ctx, author, receipt.Seq-1, 1)
	if err != nil {
		return nil, unavailable(err)
	}
	if len(rows) == 0 || rows[0].Seq != receipt.Seq {
		return nil, nil
	}
	return &rows[0], nil
}
