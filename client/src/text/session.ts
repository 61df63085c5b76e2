import type { Note, Pending, TextChange, TextSession } from '../api.js'
import type { Item } from '../outbox/item.js'
import { applyChanges, diff, moved } from './diff.js'

/** What a session needs of its note. */
export interface TextEnv {
  /** The content with all edits but this tab's draft; undefined: there is no such note. */
  readonly beneath: () => string | undefined
  /** This tab's draft that sets the content. */
  readonly draft: () => Item | undefined
  /** Puts another content into the draft, as made on what the server has shown now. */
  readonly redraft: (draft: Item, content: string) => void
  /** @param onto the draft that is typed on */
  readonly edit: (content: string, onto: string | undefined) => Pending<Note>
  readonly flush: () => Promise<void>
  readonly subscribe: (listener: () => void) => () => void
}

/**
 * Keeps an open editor and a note in step. What others write goes into the text beside what is being typed; where both are at
 * one place, it waits until the server has merged them.
 */
export class Session implements TextSession {
  readonly #env: TextEnv
  #value: string
  /** What the typing began on. */
  #base: string
  #last: Pending<Note> | undefined
  readonly #listeners = new Set<(changes: readonly TextChange[], value: string) => void>()
  readonly #end: () => void

  constructor(env: TextEnv) {
    this.#env = env
    this.#base = env.beneath() ?? ''
    const draft = env.draft()
    this.#value = (draft && contentOf(draft)) ?? this.#base
    this.#end = env.subscribe(() => this.#look())
  }

  get value(): string {
    return this.#value
  }

  onRemote(listener: (changes: readonly TextChange[], value: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  localChange(changes: readonly TextChange[]): Pending<Note> {
    const before = this.#env.draft()
    const news = this.#news()
    const [mine, theirs] = news ? [moved(changes, news.changes), moved(news.changes, changes, false)] : [changes, undefined]
    if (news && mine && theirs) { // it came in this very moment: the editor has not seen it
      this.#take(news)
      this.#value = applyChanges(news.value, mine)
      this.#tell(theirs)
    } else this.#value = applyChanges(this.#value, changes)
    this.#last = this.#env.edit(this.#value, this.#env.draft()?.id)
    if (this.#env.draft()?.id !== before?.id) this.#base = this.#env.beneath() ?? this.#base
    return this.#last
  }

  async flush(): Promise<void> {
    await this.#env.flush()
    await this.#last?.done
  }

  close(): void {
    this.#end()
    this.#listeners.clear()
    void this.#env.flush()
  }

  /** Something changed: is it for the editor? */
  #look(): void {
    const news = this.#news()
    if (!news) return
    this.#take(news)
    this.#value = news.value
    this.#tell(news.changes)
  }

  /** What the editor does not show yet. */
  #news(): News | undefined {
    const beneath = this.#env.beneath()
    if (beneath === undefined) return undefined
    const draft = this.#env.draft()
    const drafted = draft && contentOf(draft)
    if (drafted !== undefined && drafted !== this.#value) { // edited in this tab, but not in this editor
      return { base: beneath, value: drafted, changes: diff(this.#value, drafted) }
    }
    if (beneath === this.#base) return undefined
    if (!draft) return { base: beneath, value: beneath, changes: diff(this.#value, beneath) }
    const typed = diff(this.#base, this.#value)
    const remote = diff(this.#base, beneath)
    const below = opensLine(remote) && !opensLine(typed) // what one is typing goes on in its own line
    const changes = moved(remote, typed, below)
    const rest = moved(typed, remote, !below)
    if (!changes || !rest) return undefined // at one place: the server merges what was typed with what it was typed on
    return { base: beneath, value: applyChanges(beneath, rest), changes, redraft: draft }
  }

  #take({ base, value, redraft }: News): void {
    this.#base = base
    if (redraft) this.#env.redraft(redraft, value)
  }

  #tell(changes: readonly TextChange[]): void {
    if (changes.length) for (const listener of [...this.#listeners]) listener(changes, this.#value)
  }
}

/** What an editor does not show yet. */
interface News {
  readonly base: string
  readonly value: string
  readonly changes: readonly TextChange[]
  /** The draft, which is to be made anew on the base. */
  readonly redraft?: Item
}

function contentOf({ mutation }: Item): string | undefined {
  return mutation.op === 'edit' ? mutation.changes.content : mutation.op === 'create' ? mutation.note.content : undefined
}

/** Whether what is inserted begins a line of its own. */
function opensLine([change]: readonly TextChange[]): boolean {
  return change !== undefined && change.from === change.to && change.insert.startsWith('\n')
}
