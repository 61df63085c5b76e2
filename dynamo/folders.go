package dynamo

import (
	"context"
	"encoding/json"
	"fmt"

	"notewire/notes"
)

// folderItem is a folder as JSON: nothing asks the table for its parts.
func folderItem(user notes.UserID, f *notes.Folder) *Item {
	return &Item{Key: folderKey(user, f.ID), Attrs: attrs{"folder": folderText(f), "seq": f.Seq}}
}

func folderText(f *notes.Folder) string {
	text, err := json.Marshal(f)
	if err != nil {
		panic("dynamo: a folder cannot be encoded: " + err.Error()) // it holds plain values
	}
	return string(text)
}

func folderOf(text string, seq int64) *notes.Folder {
	f := &notes.Folder{Seq: seq}
	if json.Unmarshal([]byte(text), f) != nil {
		return nil // only folderText writes it
	}
	return f
}

// loadFolders is Load for a mutation of a folder.
func (s *Store) loadFolders(ctx context.Context, author notes.UserID, m notes.Mutation) (notes.Rows, error) {
	rows := notes.Rows{Account: map[notes.UserID]notes.Account{}}
	items, err := s.engine.Get(ctx, receiptKey(author, m.ID), seqKey(author))
	if err != nil {
		return rows, fmt.Errorf("load the account of %s: %w", author, err)
	}
	if items[0] != nil && !s.expired(items[0]) {
		rows.Receipt = receiptOf(m.ID, items[0])
		return rows, nil
	}
	rows.Account[author] = account(author, items[1], nil)
	rows.Folders, err = s.Folders(ctx, author) // after the sequence, which the commit checks: a later change clashes
	return rows, err
}

// folderOp writes or removes a folder.
func folderOp(user notes.UserID, w *notes.FolderWrite) Op {
	if w.Put != nil {
		return Op{Put: folderItem(user, w.Put), If: asRead(w.Read)}
	}
	key := folderKey(user, w.ID)
	return Op{Delete: &key, If: asRead(w.Read)}
}

// Folders implements notes.Queries.
func (s *Store) Folders(ctx context.Context, user notes.UserID) ([]*notes.Folder, error) {
	q := Query{PK: userPK(user), From: folderSK(""), To: folderSK(last), Limit: foldersInPage}
	var folders []*notes.Folder
	for {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read the folders of %s: %w", user, err)
		}
		for _, item := range page.Items {
			if f := folderOf(get[string](item.Attrs, "folder"), get[int64](item.Attrs, "seq")); f != nil {
				folders = append(folders, f)
			}
		}
		if !page.More {
			return folders, nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
}

// foldersInPage is how many folders one read of the table asks for.
const foldersInPage = 250
