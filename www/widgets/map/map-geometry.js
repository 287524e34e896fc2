/**
 * Coordinates of a feature map: from map pixels to world units to CSS px, and back.
 *
 * The world is measured in input pixels: input pixel (r, c) covers [r, r + 1) x [c, c + 1), and a
 * map pixel (i, j) covers a box of size `step` at `origin + step * (i, j)`. The viewport is
 * measured in CSS px from its top left corner. Points of the world are `[row, col]`, of the
 * viewport `[x, y]`.
 *
 * @typedef {{ top: number, left: number, bottom: number, right: number }} Edges
 * @typedef {{ zoom: number, row: number, col: number }} View zoom 1 fits the whole world; `row`,
 * `col` is the world point at the viewport's centre
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ scale: number, x: number, y: number }} Placement CSS px per world unit, and where
 * the world's (0, 0) lies in the viewport
 * @typedef {[row: number, col: number]} Point
 * @typedef {{ origin: Point, step: Point, width: number, height: number }} Lattice the pixels of a
 * map; `width` and `height` count them
 * @typedef {{ top: number, left: number, width: number, height: number }} Box in world units
 * @typedef {{ rows: ArrayLike<number>, cols: ArrayLike<number> }} Taps ascending input coordinates
 */

/** World units that stay visible along the shorter side at the largest zoom. */
const CLOSEST = 4;

/** The largest aspect ratio of a viewport; longer worlds are letterboxed. */
const LONGEST = 2;

/**
 * Width over height of a viewport that suits the world.
 * @param {Edges} world
 */
export function viewportAspect(world) {
  const { width, height } = extent(world);
  const aspect = width > 0 && height > 0 ? width / height : 1;
  return clamp(aspect, 1 / LONGEST, LONGEST);
}

/**
 * The largest zoom.
 * @param {Edges} world
 */
export function largestZoom(world) {
  const { width, height } = extent(world);
  return Math.max(1, Math.min(width, height) / CLOSEST);
}

/**
 * The view nearest to `view` that shows no more around the world than the whole view does.
 * @param {View} view
 * @param {Edges} world
 * @param {Size} viewport
 * @returns {View}
 */
export function clampView(view, world, viewport) {
  const zoom = clamp(view.zoom, 1, largestZoom(world));
  const scale = fitScale(world, viewport) * zoom;
  return {
    zoom,
    row: clampCenter(view.row, world.top, world.bottom, viewport.height / scale / 2),
    col: clampCenter(view.col, world.left, world.right, viewport.width / scale / 2),
  };
}

/**
 * Where the world lies under a view.
 * @param {View} view clamped by {@link clampView}
 * @param {Edges} world
 * @param {Size} viewport
 * @returns {Placement}
 */
export function place(view, world, viewport) {
  const scale = fitScale(world, viewport) * view.zoom;
  return {
    scale,
    x: viewport.width / 2 - view.col * scale,
    y: viewport.height / 2 - view.row * scale,
  };
}

/**
 * The view at `zoom` that shows the world point `anchor` at the viewport point `[x, y]`, or as
 * close to it as the edges of the world allow.
 *
 * Zooming keeps the point under the pointer in place, panning moves it along, a pinch does both.
 * @param {number} zoom
 * @param {Point} anchor
 * @param {readonly [x: number, y: number]} at
 * @param {Edges} world
 * @param {Size} viewport
 */
export function viewWith(zoom, anchor, at, world, viewport) {
  const within = clamp(zoom, 1, largestZoom(world));
  const scale = fitScale(world, viewport) * within;
  const view = {
    zoom: within,
    row: anchor[0] - (at[1] - viewport.height / 2) / scale,
    col: anchor[1] - (at[0] - viewport.width / 2) / scale,
  };
  return clampView(view, world, viewport);
}

/**
 * The world point under a viewport point.
 * @param {Placement} placement
 * @param {readonly [x: number, y: number]} at
 * @returns {Point}
 */
export function worldAt({ scale, x, y }, at) {
  return [(at[1] - y) / scale, (at[0] - x) / scale];
}

/**
 * The map pixel that covers a world point; null outside the map.
 * @param {Lattice} lattice
 * @param {Point} point
 * @returns {Point | null}
 */
export function pixelAt({ origin, step, width, height }, point) {
  const row = Math.floor((point[0] - origin[0]) / step[0]);
  const col = Math.floor((point[1] - origin[1]) / step[1]);
  return row >= 0 && row < height && col >= 0 && col < width ? [row, col] : null;
}

/**
 * The box of the world that a map pixel covers.
 * @param {Pick<Lattice, "origin" | "step">} lattice
 * @param {Point} pixel
 * @returns {Box}
 */
export function pixelBox({ origin, step }, [row, col]) {
  return {
    top: origin[0] + step[0] * row,
    left: origin[1] + step[1] * col,
    height: step[0],
    width: step[1],
  };
}

/**
 * The box of the world from the first to the last tap of a window.
 * @param {Taps} taps
 * @returns {Box}
 */
export function hull({ rows, cols }) {
  const top = rows[0] ?? 0;
  const left = cols[0] ?? 0;
  return {
    top,
    left,
    height: rows.length === 0 ? 0 : rows[rows.length - 1] - top + 1,
    width: cols.length === 0 ? 0 : cols[cols.length - 1] - left + 1,
  };
}

/**
 * Whether there are gaps between the taps of a window.
 * @param {Taps} taps
 */
export function isDilated({ rows, cols }) {
  return rows[1] - rows[0] > 1 || cols[1] - cols[0] > 1;
}

/**
 * A box of the world in CSS px of the viewport.
 * @param {Placement} placement
 * @param {Box} box
 * @returns {{ x: number, y: number, width: number, height: number }}
 */
export function onScreen({ scale, x, y }, box) {
  return {
    x: x + box.left * scale,
    y: y + box.top * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

const DIRECTIONS = new Map([
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
]);

/**
 * The pixel that a key leads to: arrows move by `distance` pixels, Home and End go to the ends of
 * the row, never outside the map. Null for any other key.
 * @param {Point} pixel
 * @param {string} key a `KeyboardEvent.key`
 * @param {number} distance
 * @param {Size} map in map pixels
 * @returns {Point | null}
 */
export function pixelByKey([row, col], key, distance, { width, height }) {
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, width - 1];
  const direction = DIRECTIONS.get(key);
  if (!direction) return null;
  return [
    clamp(row + direction[0] * distance, 0, height - 1),
    clamp(col + direction[1] * distance, 0, width - 1),
  ];
}

/**
 * The direction of an arrow key as `[rows, cols]`; null for any other key.
 * @param {string} key a `KeyboardEvent.key`
 */
export function arrow(key) {
  return DIRECTIONS.get(key) ?? null;
}

/**
 * Every whole number from `first` to `last`.
 * @param {readonly [first: number, last: number]} ends
 * @returns {number[]}
 */
export function range([first, last]) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * @param {Edges} world
 * @returns {Size}
 */
function extent({ top, left, bottom, right }) {
  return { width: right - left, height: bottom - top };
}

/**
 * CSS px per world unit at zoom 1; 1 while the viewport has no size.
 * @param {Edges} world
 * @param {Size} viewport
 */
function fitScale(world, viewport) {
  const { width, height } = extent(world);
  const scale = Math.min(viewport.width / width, viewport.height / height);
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
}

/**
 * @param {number} center
 * @param {number} start
 * @param {number} end
 * @param {number} half of what is visible
 */
function clampCenter(center, start, end, half) {
  return 2 * half >= end - start ? (start + end) / 2 : clamp(center, start + half, end - half);
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
