import { StateEffect, StateField, type Extension, type Range } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import type { Presence } from '../../../src/index'
import { remote } from './remote'

/** A selection, in UTF-16 units. */
export interface Cursor {
  readonly anchor: number
  readonly head: number
  /** Of the text that it is in. */
  readonly length?: number
}

interface Person {
  readonly id: string
  readonly name: string
  readonly color: string
  /** As he told it, in his text. */
  readonly told: Cursor
  /** How long his text was then. */
  readonly length: number | undefined
  /** Where it is here. */
  readonly at: Cursor
}

/** Shows where others are from now on. */
export const showOthers = StateEffect.define<readonly Presence[]>()

interface Others {
  readonly people: readonly Person[]
  readonly marks: DecorationSet
}

/**
 * The cursors of others. They move with the text until they are told anew. One may be told before the text is here that it
 * was told in: when a text of that length comes, its place is believed.
 */
export const remoteCursors: Extension = StateField.define<Others>({
  create: () => ({ people: [], marks: Decoration.none }),
  update(others, transaction) {
    for (const effect of transaction.effects) if (effect.is(showOthers)) return drawn(effect.value.flatMap(personOf), transaction.newDoc.length)
    if (!transaction.docChanged) return others
    const length = transaction.newDoc.length
    const moved = (person: Person): Cursor =>
      transaction.annotation(remote) && person.length === length
        ? person.told
        : { anchor: transaction.changes.mapPos(person.at.anchor, 1), head: transaction.changes.mapPos(person.at.head, 1) }
    return drawn(others.people.map(person => ({ ...person, at: moved(person) })), length)
  },
  provide: field => EditorView.decorations.from(field, others => others.marks),
})

function drawn(people: readonly Person[], length: number): Others {
  const ranges: Range<Decoration>[] = []
  const inside = people.map(person => ({ ...person, at: { anchor: Math.min(person.at.anchor, length), head: Math.min(person.at.head, length) } }))
  for (const { id, name, color, told, at: { anchor, head } } of inside) {
    if (anchor !== head) {
      const selected = Decoration.mark({ class: 'cm-other-selection', attributes: { style: `--person: ${color}` } })
      ranges.push(selected.range(Math.min(anchor, head), Math.max(anchor, head)))
    }
    ranges.push(Decoration.widget({ widget: new Caret(id, name, color, told.head), side: 1 }).range(head))
  }
  return { people: inside, marks: Decoration.set(ranges, true) }
}

/** What somebody shows may be anything: only what is as expected is drawn. */
function personOf({ senderId, userId, data }: Presence): readonly Person[] {
  if (typeof data !== 'object' || data === null || !('cursor' in data)) return []
  const { cursor } = data
  if (typeof cursor !== 'object' || cursor === null || !('anchor' in cursor) || !('head' in cursor)) return []
  const { anchor, head } = cursor
  if (!isPosition(anchor) || !isPosition(head)) return []
  const name = 'name' in data && typeof data.name === 'string' ? data.name.slice(0, 40) : userId
  const color = 'color' in data && typeof data.color === 'string' && CSS.supports('color', data.color) ? data.color : 'gray'
  const length = 'length' in cursor && isPosition(cursor.length) ? cursor.length : undefined
  const told = { anchor, head }
  return [{ id: senderId, name, color, told, length, at: told }]
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

class Caret extends WidgetType {
  /** @param at where it was told to be: elsewhere it is drawn anew, and its name shows for a while */
  constructor(readonly id: string, readonly name: string, readonly color: string, readonly at: number) {
    super()
  }

  override eq(other: Caret): boolean {
    return other.id === this.id && other.name === this.name && other.color === this.color && other.at === this.at
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span')
    caret.className = 'cm-other-caret'
    caret.style.setProperty('--person', this.color)
    caret.setAttribute('aria-hidden', 'true')
    caret.dataset.name = this.name
    return caret
  }

  override ignoreEvent(): boolean {
    return true
  }
}
