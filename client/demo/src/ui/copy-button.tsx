import { useEffect, useState } from 'react'
import { Icon } from './icon'

/** Copies a text, and says that it did. */
export function CopyButton({ text, label }: { text: string | (() => string); label: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => write(typeof text === 'string' ? text : text()).then(() => setCopied(true), () => {})
  return (
    <button type="button" className="button copy" onClick={() => void copy()} aria-live="polite">
      <Icon name={copied ? 'check' : 'copy'} /> {copied ? 'Copied' : label}
    </button>
  )
}

/** Browsers have a clipboard only on HTTPS and on localhost; elsewhere a selection can be copied. */
async function write(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  ;(document.querySelector('dialog[open]') ?? document.body).append(field) // a modal dialog lets nothing beside it be selected
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (!copied) throw new Error('nothing was copied')
}
