/** What a dragged note, or a dragged folder, is called on its way. */
export const noteMedium = 'application/x-notewire-note'
export const folderMedium = 'application/x-notewire-folder'
