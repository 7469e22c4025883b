/** Each key and the name of its text under `trade:hotkeys.keys`, in the groups of the cheat sheet. */
export const HOTKEYS = {
  ticket: [
    ['b', 'buy'],
    ['s', 'sell'],
    ['l', 'limit'],
    ['m', 'market'],
    ['t', 'stop'],
    ['p', 'price'],
    ['a', 'amount'],
    ['1', 'percent25'],
    ['2', 'percent50'],
    ['3', 'percent75'],
    ['4', 'percent100'],
  ],
  page: [
    ['/', 'search'],
    ['f', 'favourite'],
    ['c', 'chart'],
    ['d', 'depth'],
    ['w', 'addPane'],
    ['r', 'readBook'],
  ],
  orders: [
    ['o', 'openOrders'],
    ['h', 'history'],
    ['i', 'positions'],
    ['x', 'cancelAll'],
  ],
  help: [
    ['?', 'help'],
    ['Esc', 'close'],
  ],
} as const;

const WRITTEN_IN =
  'input, textarea, select, [contenteditable=true], [role=listbox], [role=menu], [role=slider]';

/** Whether a key press belongs to what has the focus: a field, a list, a window, or a browser's own shortcut. */
export function isTaken(event: KeyboardEvent, page: Document = document): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(WRITTEN_IN) != null) return true;
  return page.querySelector('[role=dialog], [role=listbox], [role=menu]') !== null;
}

/**
 * The control that a key presses. Controls name their key themselves, in aria-keyshortcuts, so that screen readers
 * tell it too; what is not on the page now has no key.
 */
export function findControl(key: string, page: ParentNode = document): HTMLElement | null {
  const named = page.querySelectorAll<HTMLElement>('[aria-keyshortcuts]');
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  return (
    [...named].find(
      (control) => control.getAttribute('aria-keyshortcuts') === wanted && !control.matches(':disabled'),
    ) ?? null
  );
}

/** A field gets the focus with its text selected, a button is pressed. */
export function operate(control: HTMLElement): void {
  control.focus();
  if (control instanceof HTMLInputElement) control.select();
  else control.click();
}
