// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findControl, HOTKEYS, isTaken, operate } from './hotkeys';

function press(key: string, on: Element = document.body, change: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, ...change });
  on.dispatchEvent(event);
  return event;
}

afterEach(() => {
  document.body.innerHTML = '';
});

describe('hotkeys', () => {
  it('are not heard while somebody types, nor with a modifier', () => {
    document.body.innerHTML = '<input id="field"><button id="button">Buy</button>';
    const [field, button] = [document.querySelector('#field'), document.querySelector('#button')];
    if (field === null || button === null) throw new Error('not drawn');
    expect(isTaken(press('b', field))).toBe(true);
    expect(isTaken(press('b', button))).toBe(false);
    expect(isTaken(press('b', button, { ctrlKey: true }))).toBe(true);
  });

  it('are not heard behind an open window', () => {
    document.body.innerHTML = '<div role="dialog"></div>';
    expect(isTaken(press('b'))).toBe(true);
  });

  it('press the control that names the key, and pass over one that cannot be used', () => {
    document.body.innerHTML =
      '<button aria-keyshortcuts="b" disabled>x</button><button aria-keyshortcuts="b" id="b">y</button>';
    const control = findControl('B');
    expect(control?.id).toBe('b');
    const clicked = vi.fn();
    control?.addEventListener('click', clicked);
    if (control !== null) operate(control);
    expect(clicked).toHaveBeenCalledOnce();
    expect(findControl('q')).toBeNull();
  });

  it('put the caret into a field', () => {
    document.body.innerHTML = '<input aria-keyshortcuts="p" value="61000">';
    const field = findControl('p');
    if (field !== null) operate(field);
    expect(document.activeElement).toBe(field);
  });

  it('have one meaning each', () => {
    const keys = Object.values(HOTKEYS).flatMap((group) => group.map(([key]) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
