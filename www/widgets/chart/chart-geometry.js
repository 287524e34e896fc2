/** The layout of a line chart, in CSS px. */

/** How lines differ apart from their colour. */
export const LOOKS = /** @type {const} */ ([
  { dash: "", shape: "circle", filled: true },
  { dash: "7 4", shape: "square", filled: false },
  { dash: "2 4", shape: "triangle", filled: true },
  { dash: "9 3 2 3", shape: "diamond", filled: false },
  { dash: "1 5", shape: "cross", filled: false },
  { dash: "12 4", shape: "circle", filled: false },
  { dash: "4 4", shape: "square", filled: true },
  { dash: "14 3 2 3", shape: "triangle", filled: false },
  { dash: "9 3 2 3 2 3", shape: "diamond", filled: true },
  { dash: "5 2", shape: "circle", filled: true },
]);

/** Room for the tick labels and the axis labels. */
const MARGIN = { top: 22, right: 12, bottom: 36, left: 44 };
/** Least distance between two ticks. */
const TICK_ROOM = { x: 44, y: 36 };

/**
 * @param {ArrayLike<number>} x
 * @param {{ values: ArrayLike<number> }[]} series
 * @param {{ width: number, height: number }} size of the whole chart
 */
export function chartFrame(x, series, { width, height }) {
  const [left, right] = [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right)];
  const [top, bottom] = [MARGIN.top, Math.max(MARGIN.top + 1, height - MARGIN.bottom)];
  const [xMin, xMax] = [x[0], x[x.length - 1]];
  const all = series.flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  const least = Math.min(0, ...all);
  const most = Math.max(0, ...all);
  const yTicks = ticks(least, most > least ? most : least + 1, (bottom - top) / TICK_ROOM.y);
  const [yMin, yMax] = [Math.min(least, yTicks[0]), Math.max(most, yTicks[yTicks.length - 1])];
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    xTicks: ticks(xMin, xMax, (right - left) / TICK_ROOM.x).filter(
      (tick) => tick >= xMin && tick <= xMax,
    ),
    yTicks,
    px: (/** @type {number} */ value) =>
      xMax > xMin ? left + ((value - xMin) / (xMax - xMin)) * (right - left) : (left + right) / 2,
    py: (/** @type {number} */ value) => bottom - ((value - yMin) / (yMax - yMin)) * (bottom - top),
  };
}

/**
 * Round numbers that cover `least` to `most`, at most about `count` steps apart.
 * @param {number} least
 * @param {number} most
 * @param {number} count
 * @returns {number[]}
 */
export function ticks(least, most, count) {
  if (most <= least) return [least];
  const rough = (most - least) / Math.max(1, Math.floor(count));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const size = step ?? 10 * power;
  const first = Math.floor(least / size + 1e-9);
  const last = Math.ceil(most / size - 1e-9);
  // Divide where the step is a fraction, so that 3 steps of 0.1 are 0.3.
  const unit = size < 1 ? 1 / Math.round(1 / size) : size;
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * unit).toPrecision(12)),
  );
}

/**
 * A line through the points, with a gap where there is no value.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} values
 * @param {(x: number) => number} px
 * @param {(y: number) => number} py
 */
export function linePath(x, values, px, py) {
  let path = "";
  let isDrawing = false;
  for (let index = 0; index < x.length; index++) {
    const value = values[index];
    if (Number.isFinite(value)) {
      path += `${isDrawing ? "L" : "M"}${px(x[index]).toFixed(2)} ${py(value).toFixed(2)}`;
    }
    isDrawing = Number.isFinite(value);
  }
  return path;
}

/**
 * @param {typeof LOOKS[number]["shape"]} shape
 * @param {number} x
 * @param {number} y
 */
export function markerShape(shape, x, y) {
  const at = (/** @type {number} */ dx, /** @type {number} */ dy) =>
    `${(x + dx).toFixed(2)} ${(y + dy).toFixed(2)}`;
  switch (shape) {
    case "circle":
      return `M${at(-3.5, 0)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z`;
    case "square":
      return `M${at(-3, -3)}h6v6h-6z`;
    case "triangle":
      return `M${at(0, -4.2)}L${at(4, 2.8)}H${(x - 4).toFixed(2)}z`;
    case "diamond":
      return `M${at(0, -4.5)}L${at(4.5, 0)}L${at(0, 4.5)}L${at(-4.5, 0)}z`;
    case "cross":
      return `M${at(-3, -3)}L${at(3, 3)}M${at(3, -3)}L${at(-3, 3)}`;
  }
}
