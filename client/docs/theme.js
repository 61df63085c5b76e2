import { IntersectionType, ReferenceType, ReflectionKind, ReflectionType, UnionType } from 'typedoc'
import { MarkdownTheme, MarkdownThemeContext } from 'typedoc-plugin-markdown'
import { written } from './written-plugin.js'

/** A type whose Markdown is longer is shown as it is written. */
const longest = 200

/** The plugin's theme, without what a signature has said already, and with the members of a union in a table. */
export function load(app) {
  app.renderer.defineTheme('compact', CompactTheme)
}

class CompactTheme extends MarkdownTheme {
  getRenderContext(page) {
    return new CompactContext(this, page, this.application.options)
  }
}

class CompactContext extends MarkdownThemeContext {
  helpers = { ...this.helpers, getFlattenedDeclarations: all => all }

  partials = (({ partials }) => ({
    ...partials,
    inheritance: () => '',
    someType: (type, options) => {
      const shown = partials.someType(type, options)
      return shown.length > longest && written.has(type) ? code(written.get(type)) : shown
    },
    body: (model, options) => (model.kind === ReflectionKind.Project ? this.entries(model) : partials.body(model, options)),
    pageTitle: () => (this.page.model.kind === ReflectionKind.Module ? entryOf(this.page.model.name) : 'API reference'),
    hierarchy: model => {
      const parents = []
      for (let level = model; level && !level.isTarget; level = level.next) parents.push(...level.types)
      return parents.length ? `Has all of ${parents.map(parent => partials.someType(parent)).join(' and ')}, and:` : ''
    },
    signature: (model, options) => join([
      options.hideTitle ? '' : partials.signatureTitle(model, { accessor: options.accessor }),
      ...this.words(model.comment ?? model.parent?.comment, options),
      (model.parameters ?? []).filter(each => each.comment)
        .map(each => `- \`${each.name}\`: ${this.helpers.getCommentParts(each.comment.summary)}`).join('\n'),
    ]),
    declaration: (model, options) => {
      const rows = model.type instanceof UnionType ? this.unionRows(model.type) : undefined
      const inner = membersInside(model.type)
      if (!rows && !inner && !(model.type instanceof IntersectionType)) return partials.declaration(model, options)
      return join([
        rows ? '' : `> **${model.name}** = ${partials.someType(inner ? withoutMembers(model.type) : model.type)}`,
        ...this.words(model.comment, options),
        rows ? table(rows.head, rows.rows) : '',
        inner ? partials.propertiesTable(inner, {}) : '',
      ])
    },
  }))(this)

  entries({ children = [] }) {
    return table(['import', 'what it is'], children.map(module => [
      `[\`${entryOf(module.name)}\`](${this.urlTo(module)})`, text(this.helpers.getCommentParts(module.comment.summary).split('\n\n')[0]),
    ]))
  }

  words(comment, options) {
    return comment ? [{ showSummary: true, showTags: false }, { showSummary: false, showTags: true }].map(part =>
      this.partials.comment(comment, { headingLevel: options.headingLevel, ...part })) : []
  }

  /** One row for each member of a union, if there is anything to say of any. */
  unionRows(union) {
    const said = union.types.map((_, i) => text(union.elementSummaries?.[i] && this.helpers.getCommentParts(union.elementSummaries[i])))
    const members = union.types.map(membersOf)
    if (members.every(Boolean)) {
      const by = discriminator(members)
      return {
        head: [by ?? '', 'meaning', 'members'],
        rows: members.map((all, i) => [
          by ? this.partials.someType(all.find(({ name }) => name === by).type) : '',
          said[i],
          all.filter(({ name }) => name !== by).map(each => this.member(each)).join('<br>'),
        ]),
      }
    }
    return said.some(Boolean) ? { head: ['value', 'meaning'], rows: union.types.map((type, i) => [this.partials.someType(type), said[i]]) } : undefined
  }

  member({ name, type, flags, comment }) {
    const words = comment ? `. ${text(this.helpers.getCommentParts(comment.summary))}` : ''
    return text(`\`${name}${flags.isOptional ? '?' : ''}\`: ${this.partials.someType(type)}${words}`)
  }
}

/** The name by which the package's entry is imported. */
export function entryOf(module) {
  return module === 'client' ? 'notewire' : `notewire/${module}`
}

function membersOf(type) {
  if (type instanceof ReflectionType && type.declaration.children) return type.declaration.children
  if (!(type instanceof IntersectionType)) return undefined
  const parts = type.types.map(membersOf)
  return parts.every(Boolean) ? parts.flat() : undefined
}

function discriminator(members) {
  return ['type', 'name', 'op'].find(name => members.every(all => all.some(each => each.name === name)))
}

/** The members of a type that is given to another, as procedures are to a router. */
function membersInside(type) {
  return type instanceof ReferenceType ? type.typeArguments?.map(membersOf).findLast(Boolean) : undefined
}

function withoutMembers(type) {
  return ReferenceType.createBrokenReference(type.name, type.project, type.package)
}

function table(head, rows) {
  const used = head.map((_, i) => rows.some(row => row[i]))
  const line = cells => `| ${cells.filter((_, i) => used[i]).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Code that may stand in a table. */
function code(source) {
  return `<code>${source.replace(/[&<>|{}*_[\]]/g, found => `&#${found.charCodeAt(0)};`)}</code>`
}

function text(markdown) {
  return (markdown ?? '').trim().replace(/\s*\n\s*/g, ' ')
}

function join(parts) {
  return parts.filter(Boolean).join('\n\n')
}
