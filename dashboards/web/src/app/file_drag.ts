// Files dragged from outside; selected text that is dragged into a field is none of this.
const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

// Of a place that takes files.
export function takesFiles(event: DragEvent): void {
  if (hasFiles(event)) event.preventDefault()
}

// A file that is dropped beside its place does not take the place of the page.
export function keepPageFromFiles(window: Window): void {
  window.addEventListener('dragover', (event) => {
    if (!hasFiles(event) || event.defaultPrevented) return
    event.preventDefault()
    event.dataTransfer!.dropEffect = 'none'
  })
  window.addEventListener('drop', takesFiles)
}
