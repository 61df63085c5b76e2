/** Which part of a note's history (section 20). */
export interface HistoryOptions {
  /** How many versions or groups at most, 1 to 100; 100 if absent. */
  limit?: number
  /** Only versions below this one: `next` of the page before, newest first. */
  before?: number
  /** Only versions above this one: `next` of the page before, with `direction: 'asc'`. */
  after?: number
  /** Newest first (`desc`, the default), or oldest first. */
  direction?: 'asc' | 'desc'
  /** Answers `groups` in place of `versions`: edits of one author with pauses under so many minutes, 1 to 1,440, are one. */
  group?: number
}

/** What is compared (section 20). */
export interface DiffOptions {
  /** How many lines that are the same are shown around changes, 0 to 100; the others are a `skip`. Absent: all of them. */
  context?: number
  /** Compares `to` with what a conflict kept beside it: `from` is the same version then. */
  kept?: boolean
}

/** Which notes a list has, and in which order (section 20). Notes have to fit all that is named. */
export interface SearchQuery {
  /** Text in titles, contents and tags, whatever the case of letters; at most 100 characters. Not in ciphertext. */
  search?: string
  /** In this folder; "none": in no folder. */
  folderId?: string
  /** Starred, or not. */
  starred?: boolean
  /** Archived, or not. Absent: both. */
  archived?: boolean
  /** Hidden, or not. Absent: both. */
  hidden?: boolean
  /** True: those in the trash. Otherwise those that are not. */
  deleted?: boolean
  /** Of this type. */
  type?: string
  /** With this tag. */
  tag?: string
  /** With this access. */
  access?: 'private' | 'public'
  /** True: one's own. False: those that others share. */
  owned?: boolean
  /** By what; `updated` if absent. `accessed` also has public notes of others that were opened. */
  sort?: 'updated' | 'created' | 'title' | 'accessed'
  /** `desc` if absent, and for `title` `asc`. */
  direction?: 'asc' | 'desc'
  /** How many at most, 1 to 100; 100 if absent. */
  limit?: number
  /** `nextCursor` of the page before, of the same query. */
  after?: string
}
