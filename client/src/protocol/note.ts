/** Milliseconds since 1970. */
export type Millis = number

/** What a member who is not the owner may do. */
export type Role = 'read' | 'write'

/** A note as the server shows it to one of its members. */
export interface ServerNote {
  readonly id: string
  /** The owner. */
  readonly userId: string
  /** 1, 2, 3, … without a gap; 0 for a note that the server does not know yet. */
  readonly version: number
  readonly title: string | null
  readonly content: string
  /** Any JSON that the application keeps in place of, or beside, the text. */
  readonly blob: unknown
  readonly encryptedTitle: string | null
  readonly encryptedContent: string | null
  readonly iv: string | null
  readonly salt: string | null
  /** "note", or what the application has. */
  readonly type: string
  readonly access: 'private' | 'public'
  /** The members besides the owner; empty for who is not one. */
  readonly collaborators: readonly string[]
  readonly roles: Readonly<Record<string, Role>>
  /** In the trash. */
  readonly deleted: boolean
  readonly createdAt: Millis
  readonly updatedAt: Millis
  /** From then on nobody can edit it; null: never. */
  readonly expiresAt: Millis | null
  readonly templateId?: string
  /** The reader's own from here on: nobody else sees them. */
  readonly folderId: string | null
  readonly tags: readonly string[]
  readonly starred: boolean
  readonly archived: boolean
  readonly hidden: boolean
  readonly hiddenAt: Millis | null
}

/** A folder of the account. */
export interface ServerFolder {
  readonly id: string
  readonly userId: string
  /** 1 to 100 characters. */
  readonly name: string
  /** "#RRGGBB". */
  readonly color: string
  readonly parentId: string | null
  readonly order: number
  readonly isDefault: boolean
  readonly createdAt: Millis
  readonly updatedAt: Millis
}

/** The part of a note that its members share and its history keeps. */
export interface NoteBody {
  title?: string | null
  content?: string
  blob?: unknown
  encryptedTitle?: string | null
  encryptedContent?: string | null
  iv?: string | null
  salt?: string | null
  type?: string
}

/** A member's own fields of a note. They make no version, and nobody else sees them. */
export interface NoteFields {
  folderId?: string | null
  tags?: readonly string[]
  addTags?: readonly string[]
  removeTags?: readonly string[]
  starred?: boolean
  archived?: boolean
  hidden?: boolean
  hiddenAt?: Millis | null
}

/** What an edit may change: committed as one, or refused as a whole. */
export interface NoteChanges extends NoteBody, NoteFields {
  /** Into the trash, or out of it. */
  deleted?: boolean
}

/** What a new note may be given. */
export interface NewNote extends NoteBody, NoteFields {
  /** 1 to 64 of A-Z a-z 0-9 _ -; a UUID if absent. */
  id?: string
  templateId?: string
  /** More than 0, at most 87,600. */
  expiresInHours?: number
}

/** Whom a note is shared with from now on. At most 20 people in one request. */
export interface Share {
  access?: 'private' | 'public'
  members?: readonly { userId: string; role: Role }[]
  remove?: readonly string[]
  /** The new owner, who must be a member after this; the old one stays as a writer. */
  owner?: string
}

/** What may change of a folder. */
export interface FolderChanges {
  name?: string
  color?: string
  parentId?: string | null
  order?: number
  isDefault?: boolean
}

/** What a new folder is given. */
export interface NewFolder extends FolderChanges {
  id?: string
  name: string
}

/** What an edit met that was made at the same time, at the same place. */
export interface MergeConflict {
  /** Names of the members that both sides changed at one place. */
  readonly fields: readonly string[]
  /** Where the side that gave way can be read; absent where nothing gave way that the note does not show. */
  readonly kept?: string
}
