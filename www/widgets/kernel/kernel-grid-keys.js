/** Modifier keys, which do nothing by themselves. */
export const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta"];
/** The brush's keys; the last two are the same key on a Russian keyboard. */
export const PAINT_KEYS = [" ", "b", "B", "и", "И"];

/**
 * The cell that a navigation key leads to; null for any other key.
 * @param {KeyboardEvent} event
 * @param {number} row
 * @param {number} column
 * @param {number} rows
 * @param {number} columns
 * @returns {[row: number, column: number] | null}
 */
export function destination({ key, ctrlKey, altKey, metaKey }, row, column, rows, columns) {
  if (altKey || metaKey) return null;
  if (ctrlKey && key === "Home") return [0, 0];
  if (ctrlKey && key === "End") return [rows - 1, columns - 1];
  if (ctrlKey) return null;
  switch (key) {
    case "ArrowUp":
      return [clamp(row - 1, rows), column];
    case "ArrowDown":
      return [clamp(row + 1, rows), column];
    case "ArrowLeft":
      return [row, clamp(column - 1, columns)];
    case "ArrowRight":
      return [row, clamp(column + 1, columns)];
    case "Home":
      return [row, 0];
    case "End":
      return [row, columns - 1];
    case "PageUp":
      return [0, column];
    case "PageDown":
      return [rows - 1, column];
    default:
      return null;
  }
}

/**
 * Plus and minus step, finely with Alt; Alt with an arrow steps, finely with Shift.
 * @param {KeyboardEvent} event
 */
export function stepOf({ key, code, altKey, shiftKey }) {
  if (altKey && key === "ArrowUp") return { steps: 1, fine: shiftKey };
  if (altKey && key === "ArrowDown") return { steps: -1, fine: shiftKey };
  // With Alt some systems type other characters, so use the physical key.
  const plus = key === "+" || key === "=" || (altKey && ["Equal", "NumpadAdd"].includes(code));
  if (plus) return { steps: 1, fine: altKey };
  const minus = isMinus(key) || (altKey && ["Minus", "NumpadSubtract"].includes(code));
  return { steps: minus ? -1 : 0, fine: altKey };
}

/** @param {string} key */
export function isMinus(key) {
  return key === "-" || key === "−";
}

/**
 * The index, clamped to `count`.
 * @param {number} index
 * @param {number} count
 */
export function clamp(index, count) {
  return Math.max(0, Math.min(index, count - 1));
}
