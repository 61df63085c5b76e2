import { useMemo } from 'react'
import { useClient, useReadable } from '../../../react/index'
import { isListed, same, type Filter } from '../list/filter'
import { Icon, type IconName } from '../ui/icon'
import { archiveNote, trashNote } from '../note/put-away'
import { noteMedium } from './drag'
import { FolderTree } from './folder-tree'
import { NavLink } from './nav-link'
import { asked } from '../ui/asked'

export interface NavProps {
  filter: Filter
  onFilter: (filter: Filter) => void
  /** The focus went elsewhere. */
  onLeave: () => void
}

const carriesNote = (kinds: readonly string[]) => kinds.includes(noteMedium)

/** Where to look: filters, folders and tags, with how many notes each has. */
export function Nav({ filter, onFilter, onLeave }: NavProps) {
  const client = useClient()
  const notes = useReadable(client.notes)
  const trash = useReadable(client.trash)
  const counts = useMemo(() => {
    const listed = notes.filter(isListed)
    const tags = new Map<string, number>()
    for (const note of listed) for (const tag of note.tags) tags.set(tag, (tags.get(tag) ?? 0) + 1)
    return {
      all: listed.length,
      starred: listed.filter(note => note.starred).length,
      shared: listed.filter(note => note.collaborators.length > 0 || note.access === 'public').length,
      archived: notes.filter(note => note.archived).length,
      tags: [...tags].sort(([a], [b]) => (a < b ? -1 : 1)),
    }
  }, [notes])
  const link = (kind: 'all' | 'starred' | 'shared' | 'archived' | 'trash', label: string, icon: IconName, count: number, take?: (noteId: string) => void) => (
    <NavLink
      icon={<Icon name={icon} />} label={label} count={count} current={filter.kind === kind} onChoose={() => onFilter({ kind })}
      accepts={take && carriesNote} onDrop={take && (data => take(data.getData(noteMedium)))}
    />
  )
  const organise = (fields: Parameters<typeof client.organise>[1]) => (id: string) => asked(client.organise(id, fields))
  return (
    <nav
      className="nav" aria-label="Folders and filters"
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Element && !currentTarget.contains(relatedTarget) && !relatedTarget.matches('.nav-button')) onLeave()
      }}
    >
      <div className="nav-group">
        {link('all', 'All notes', 'notes', counts.all, id => archiveNote(client, id, false))}
        {link('starred', 'Starred', 'star', counts.starred, organise({ starred: true }))}
        {link('shared', 'Shared', 'people', counts.shared)}
        {link('archived', 'Archive', 'archive', counts.archived, id => archiveNote(client, id, true))}
        {link('trash', 'Trash', 'trash', trash.length, id => trashNote(client, id))}
      </div>
      <FolderTree filter={filter} onFilter={onFilter} />
      {counts.tags.length > 0 && (
        <div className="nav-group">
          <h2 className="nav-heading">Tags</h2>
          {counts.tags.map(([tag, count]) => (
            <NavLink
              key={tag} icon={<Icon name="tag" />} label={tag} count={count} current={same(filter, { kind: 'tag', tag })} onChoose={() => onFilter({ kind: 'tag', tag })}
              accepts={carriesNote} onDrop={data => organise({ addTags: [tag] })(data.getData(noteMedium))}
            />
          ))}
        </div>
      )}
    </nav>
  )
}
