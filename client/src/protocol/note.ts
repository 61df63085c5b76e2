/** Milliseconds since 1970. */
export type Millis = number

/** What a member who is not the owner may do: read, or edit as well. */
export type Role = 'read' | 'write'

/** Somebody who has a note, besides its owner. */
export interface Member {
  /** Who. */
  readonly userId: string
  /** What they may do. */
  readonly role: Role
}

/** A note as the server shows it to one of its members. Limits are in section 8. */
export interface ServerNote {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly id: string
  /** The owner. */
  readonly userId: string
  /** 1, 2, 3, … without a gap; 0 for a note that the server does not know yet. */
  readonly version: number
  /** At most 500 characters; null: none. */
  readonly title: string | null
  /** Text, at most 1 MiB. */
  readonly content: string
  /** Any JSON that the application keeps in place of, or beside, the text; at most 1 MiB. */
  readonly blob: unknown
  /** Ciphertext that the application made; the server cannot read or merge it. */
  readonly encryptedTitle: string | null
  /** The same, of the text. */
  readonly encryptedContent: string | null
  /** Goes with the ciphertext. */
  readonly iv: string | null
  /** Goes with the ciphertext. */
  readonly salt: string | null
  /** "note", or what the application has. */
  readonly type: string
  /** Public: anyone may read it, also without signing in. */
  readonly access: 'private' | 'public'
  /** The members besides the owner, by user id; empty for who is not one. */
  readonly collaborators: readonly string[]
  /** What these may do, by user id. */
  readonly roles: Readonly<Record<string, Role>>
  /** In the trash. */
  readonly deleted: boolean
  /** When it was made. */
  readonly createdAt: Millis
  /** When it last changed. */
  readonly updatedAt: Millis
  /** From then on nobody can edit it; null: never. */
  readonly expiresAt: Millis | null
  /** What it was made from, if the application said so. */
  readonly templateId?: string
  /** The reader's own, as all from here on: nobody else sees them. An id that names no folder counts as none. */
  readonly folderId: string | null
  /** At most 20 of 50 characters. */
  readonly tags: readonly string[]
  /** It is a favorite. */
  readonly starred: boolean
  /** It is put away. */
  readonly archived: boolean
  /** It is out of sight. */
  readonly hidden: boolean
  /** When it was hidden; null if it is not. */
  readonly hiddenAt: Millis | null
}

/** A folder of the account: nobody else sees it (section 17). */
export interface ServerFolder {
  /** Of this account's own. */
  readonly id: string
  /** Whose it is. */
  readonly userId: string
  /** 1 to 100 characters. */
  readonly name: string
  /** `#RRGGBB`. */
  readonly color: string
  /** The folder that it is in; null: at the top. */
  readonly parentId: string | null
  /** Its place among its siblings, from 0 up; ties are broken by id. */
  readonly order: number
  /** Kept for the application; several folders may have it. */
  readonly isDefault: boolean
  /** When it was made. */
  readonly createdAt: Millis
  /** When it last changed. */
  readonly updatedAt: Millis
}

/** The part of a note that its members share and its history keeps. What is absent stays as it is. */
export interface NoteBody {
  /** At most 500 characters; null: none. */
  title?: string | null
  /** Text, at most 1 MiB. */
  content?: string
  /** Any JSON, at most 1 MiB; merged by the members of objects. */
  blob?: unknown
  /**
   * Ciphertext. Of these four fields all that an edit changes is taken together: it is not merged, but refused with
   * `conflict`.
   */
  encryptedTitle?: string | null
  /** Ciphertext, at most 1 MiB. */
  encryptedContent?: string | null
  /** Goes with the ciphertext. */
  iv?: string | null
  /** Goes with the ciphertext. */
  salt?: string | null
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; "note" if it was never said. */
  type?: string
}

/** A member's own fields of a note. They make no version, and nobody else sees them. What is absent stays as it is. */
export interface NoteFields {
  /** Null: in no folder. */
  folderId?: string | null
  /** All tags: at most 20, of at most 50 characters. */
  tags?: readonly string[]
  /** Tags to add to those that are there. */
  addTags?: readonly string[]
  /** Tags to take away. */
  removeTags?: readonly string[]
  /** A favorite. */
  starred?: boolean
  /** Put away. */
  archived?: boolean
  /** Out of sight. */
  hidden?: boolean
  /** When it was hidden. Kept only while the note is hidden; if absent, now. */
  hiddenAt?: Millis | null
}

/** What an edit may change: committed as one, or refused as a whole. */
export interface NoteChanges extends NoteBody, NoteFields {
  /** Into the trash, or out of it. */
  deleted?: boolean
}

/** What a new note may be given. */
export interface NewNote extends NoteBody, NoteFields {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; a UUID if absent. */
  id?: string
  /** What it is made from, if the application wants to know later. */
  templateId?: string
  /** After so many hours the note can only be read (section 18): more than 0, at most 87,600, fractions too. */
  expiresInHours?: number
}

/** Who may see and edit a note from now on. What is absent stays as it is. At most 20 people in one request, 200 in a note. */
export interface Share {
  /** Public: anyone may read it. */
  access?: 'private' | 'public'
  /** People to add, or to give another role, by user id. */
  members?: readonly Member[]
  /** People to take away, by user id. */
  remove?: readonly string[]
  /** The new owner, who must be a member after this; the old one stays as a writer. */
  owner?: string
}

/** What may change of a folder. What is absent stays as it is. */
export interface FolderChanges {
  /** 1 to 100 characters. */
  name?: string
  /** `#RRGGBB`; `#6b7280` if it was never said. */
  color?: string
  /** The folder to be in; null: at the top. */
  parentId?: string | null
  /** Its place among its siblings, from 0 up; of a new folder behind them. */
  order?: number
  /** Kept for the application; the server does nothing with it. */
  isDefault?: boolean
}

/** What a new folder is given. At most 200 folders, 10 deep. */
export interface NewFolder extends FolderChanges {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; a UUID if absent. */
  id?: string
  /** 1 to 100 characters. */
  name: string
}

/** What an edit met that was made at the same time, at the same place (section 16). */
export interface MergeConflict {
  /** Names of the members that both sides changed at one place. */
  readonly fields: readonly string[]
  /** Where the side that gave way can be read; absent where nothing gave way that the note does not show. */
  readonly kept?: string
}
