import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, Prec, type Extension } from '@codemirror/state'
import { EditorView, drawSelection, dropCursor, keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { lineDirection } from './line-direction'
import { openLinks } from './open-links'
import { remoteCursors } from './remote-cursors'

/** Markdown, only so much that structure shows. Classes, so that the page's style sheet has the colors. */
const highlighting = HighlightStyle.define([
  { tag: tags.heading1, class: 'md-h1' },
  { tag: tags.heading2, class: 'md-h2' },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: 'md-h3' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-em' },
  { tag: tags.strikethrough, class: 'md-strike' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: [tags.link, tags.url], class: 'md-link' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName], class: 'md-mark' },
])

/** What the search in a note calls its parts; by default they are lower case. */
const phrases = {
  next: 'Next', previous: 'Previous', all: 'Select all', replace: 'Replace', 'replace all': 'Replace all', 'match case': 'Match case', regexp: 'Pattern', 'by word': 'Whole words',
}

/** The page's policy lets only style elements in that have this. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
}

/** Text that cannot be edited can still be reached, selected and searched by keyboard. */
export const locked: Extension = [EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: '0' })]

/** Escape leaves the editor for the list; Tab, which indents, is free again after Escape. */
export function extensions(): Extension {
  return [
    EditorView.cspNonce.of(styleNonce()),
    // Positions are those of the text as it is stored: a line of CR LF keeps its CR.
    EditorState.lineSeparator.of('\n'),
    EditorView.clipboardInputFilter.of(text => text.replace(/\r\n?/g, '\n')),
    history(),
    drawSelection(),
    dropCursor(),
    EditorView.lineWrapping,
    lineDirection,
    EditorView.scrollMargins.of(() => ({ top: 24, bottom: 56 })), // one sees what comes next
    openLinks,
    EditorState.allowMultipleSelections.of(true),
    markdownLanguage, // without the HTML, CSS and JavaScript that `markdown()` brings along
    Prec.high(keymap.of(markdownKeymap)),
    syntaxHighlighting(highlighting),
    highlightSelectionMatches({ minSelectionLength: 3 }),
    search({ top: true }),
    EditorState.phrases.of(phrases),
    remoteCursors,
    keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Text', 'data-testid': 'content', spellcheck: 'true', autocorrect: 'on', autocapitalize: 'sentences' }),
  ]
}
