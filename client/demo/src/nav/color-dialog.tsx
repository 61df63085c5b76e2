import { Dialog } from '../ui/dialog'
import { palette } from './folder-tree'

const names = ['Teal', 'Blue', 'Violet', 'Pink', 'Red', 'Amber', 'Green', 'Gray']

/** Asks for a color. */
export function ColorDialog({ color, onChoose, onClose }: { color: string; onChoose: (color: string) => void; onClose: () => void }) {
  return (
    <Dialog title="Folder color" onClose={onClose}>
      <div className="swatches" role="radiogroup" aria-label="Color">
        {palette.map((each, i) => (
          <button
            key={each} type="button" role="radio" aria-checked={each === color.toLowerCase()} aria-label={names[i]} title={names[i]} className="swatch"
            style={{ backgroundColor: each }} onClick={() => onChoose(each)}
          />
        ))}
      </div>
    </Dialog>
  )
}
