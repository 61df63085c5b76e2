import type { ServerNote } from '../../../src/index'

type Texts = Pick<ServerNote, 'title' | 'content' | 'encryptedContent'>

/** What to call a note: its title, else its first line. */
export function titleOf(note: Texts): string {
  return note.title?.trim() || firstLine(note.content) || 'Untitled'
}

/** The beginning of a note's text, in one line, without what the title has said. */
export function snippetOf(note: Texts): string {
  if (note.encryptedContent !== null) return 'Encrypted'
  const lines = note.content.slice(0, 400).split('\n').map(plain).filter(Boolean)
  const rest = lines[0] === titleOf(note) ? lines.slice(1) : lines
  return rest.join(' ') || (lines.length > 0 ? 'No more text' : 'No text yet')
}

function firstLine(content: string): string {
  const line = content.slice(0, 400).split('\n').find(each => each.trim() !== '') ?? ''
  return plain(line).slice(0, 80)
}

/** A line without what marks it up. */
function plain(line: string): string {
  const bare = line.replace(/^[#>\-*\s]+/, '').replace(/^\[[ x]\]\s*/i, '')
  return bare.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*_`]/g, '').trim()
}

/** The words of a question. */
export function wordsOf(query: string): readonly string[] {
  return fold(query).split(/\s+/).filter(Boolean)
}

/** Whether all words are somewhere in a note. */
export function matches(note: Pick<ServerNote, 'title' | 'content' | 'tags'>, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = fold(`${note.title ?? ''}\n${note.content}\n${note.tags.join(' ')}`)
  return words.every(word => text.includes(word))
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
