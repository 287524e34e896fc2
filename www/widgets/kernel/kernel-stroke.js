/**
 * The cells that a stroke of the brush covers. Points are `[row, column]` in cells:
 * cell (r, c) covers [r, r + 1) x [c, c + 1).
 *
 * @typedef {[row: number, column: number]} Point
 * @typedef {"none" | "left_right" | "top_bottom" | "both" | "rotational"} Symmetry
 */

/** @type {Symmetry[]} */
export const SYMMETRIES = ["none", "left_right", "top_bottom", "both", "rotational"];

/**
 * Every cell that the segment between two points crosses, in order, so that a fast drag skips none.
 *
 * Cells outside the kernel are skipped.
 * @param {Point} from
 * @param {Point} to
 * @param {number} rows
 * @param {number} columns
 * @returns {Point[]}
 * @see Amanatides and Woo, A Fast Voxel Traversal Algorithm for Ray Tracing, Eurographics 1987
 */
export function cellsCrossed(from, to, rows, columns) {
  const cell = from.map(Math.floor);
  const last = to.map(Math.floor);
  const run = [to[0] - from[0], to[1] - from[1]];
  const direction = run.map(Math.sign);
  // Share of the segment at which the next cell border of each axis is reached.
  const next = run.map((length, axis) => {
    if (length === 0) return Infinity;
    const border = direction[axis] > 0 ? cell[axis] + 1 : cell[axis];
    return (border - from[axis]) / length;
  });
  let left = Math.abs(last[0] - cell[0]) + Math.abs(last[1] - cell[1]);
  /** @type {Point[]} */
  const crossed = [];
  for (;;) {
    const [row, column] = cell;
    if (row >= 0 && row < rows && column >= 0 && column < columns) crossed.push([row, column]);
    if (left-- === 0) return crossed;
    const axis = cell[1] === last[1] || (cell[0] !== last[0] && next[0] < next[1]) ? 0 : 1;
    cell[axis] += direction[axis];
    next[axis] += direction[axis] / run[axis];
  }
}

/**
 * A cell and its images under the brush's symmetry, each once.
 *
 * `rotational` rotates by 90° on a square kernel and by 180° on any other.
 * @param {Point} cell
 * @param {Symmetry} symmetry
 * @param {number} rows
 * @param {number} columns
 * @returns {Point[]}
 */
export function symmetricCells([row, column], symmetry, rows, columns) {
  const bottom = rows - 1 - row;
  const right = columns - 1 - column;
  /** @type {Record<Symmetry, Point[]>} */
  const images = {
    none: [],
    left_right: [[row, right]],
    top_bottom: [[bottom, column]],
    both: [
      [row, right],
      [bottom, column],
      [bottom, right],
    ],
    rotational:
      rows === columns
        ? [
            [column, bottom],
            [bottom, right],
            [right, row],
          ]
        : [[bottom, right]],
  };
  const seen = new Set();
  return [/** @type {Point} */ ([row, column]), ...images[symmetry]].filter(([r, c]) => {
    const index = r * columns + c;
    return !seen.has(index) && seen.add(index);
  });
}

let strokes = 0;

/** One stroke of the brush over a kernel of `rows` x `columns`: it paints each cell once. */
export class Stroke {
  /** Set by the first {@link Stroke.to}. @type {Point | null} */
  #last = null;
  /** @type {Set<number>} */
  #painted = new Set();

  /**
   * @param {number} rows
   * @param {number} columns
   * @param {Symmetry} symmetry
   */
  constructor(rows, columns, symmetry) {
    /** Unique among the strokes on the page. */
    this.id = ++strokes;
    this.rows = rows;
    this.columns = columns;
    this.symmetry = symmetry;
  }

  /**
   * Moves the brush and returns the newly covered cells, including symmetric images.
   * @param {Point} point
   * @returns {Point[]}
   */
  to(point) {
    const { rows, columns, symmetry } = this;
    const crossed = cellsCrossed(this.#last ?? point, point, rows, columns);
    this.#last = point;
    return crossed
      .flatMap((cell) => symmetricCells(cell, symmetry, rows, columns))
      .filter(([row, column]) => {
        const index = row * columns + column;
        return !this.#painted.has(index) && this.#painted.add(index);
      });
  }
}
