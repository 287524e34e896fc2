/**
 * How the sliding window advances: by one multiplication, one output pixel or one row.
 *
 * @typedef {"tap" | "pixel" | "row"} Unit
 * @typedef {{ position: number, tap: number | null }} Place `position` counts output pixels in
 * row-major order from 0; `tap` is the multiplication just done, from 0, or null when the pixel is
 * complete
 * @typedef {{ positions: number, taps: number, columns: number }} Slide counts: output pixels,
 * multiplications for each, and output pixels in a row
 */

/** @type {Unit[]} */
export const UNITS = ["tap", "pixel", "row"];

/**
 * The next place; null at the end.
 * @param {Place} place
 * @param {Unit} unit
 * @param {Slide} slide
 * @returns {Place | null}
 */
export function stepForward({ position, tap }, unit, { positions, taps, columns }) {
  const last = positions - 1;
  if (unit === "tap") {
    const next = tap === null ? 0 : tap + 1;
    if (next < taps) return { position, tap: next };
    return position < last ? { position: position + 1, tap: 0 } : null;
  }
  if (position >= last) return tap === null ? null : { position: last, tap: null };
  const next = unit === "pixel" ? position + 1 : rowEnd(position + 1, columns);
  return { position: Math.min(next, last), tap: null };
}

/**
 * The previous place; null at the start.
 * @param {Place} place
 * @param {Unit} unit
 * @param {Slide} slide
 * @returns {Place | null}
 */
export function stepBack({ position, tap }, unit, { taps, columns }) {
  if (unit === "tap") {
    const before = (tap ?? taps) - 1;
    if (before >= 0) return { position, tap: before };
    return position > 0 ? { position: position - 1, tap: taps - 1 } : null;
  }
  if (position <= 0) return tap === null ? null : { position: 0, tap: null };
  const before = unit === "pixel" ? position - 1 : rowEnd(position, columns) - columns;
  return { position: Math.max(before, 0), tap: null };
}

/**
 * The last position of the row that holds `position`.
 * @param {number} position
 * @param {number} columns
 */
function rowEnd(position, columns) {
  return (Math.floor(position / columns) + 1) * columns - 1;
}
