/** The layout of a race chart, in CSS px. */

/**
 * A line through finite points.
 * @param {[x: number, y: number][]} points
 * @param {(x: number) => number} px
 * @param {(y: number) => number} py
 */
export function pathOf(points, px, py) {
  const places = points
    .filter(([, y]) => Number.isFinite(y))
    .map(([x, y]) => `${px(x).toFixed(1)} ${py(y).toFixed(1)}`);
  return places.length ? `M${places.join("L")}` : "";
}

/**
 * The ends of a log axis that holds all positive values, at least two decades, and round values
 * between them.
 * @param {number[]} values
 * @param {number} count  about how many
 */
export function logTicks(values, count) {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const most = Math.min(100, Math.max(3, ...positive));
  const least = Math.max(1e-4, Math.min(most / 30, ...positive));
  const all = [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100].flatMap((power) => [power, 3 * power]);
  const inside = all
    .map((value) => Number(value.toPrecision(3)))
    .filter((value) => value >= least && value <= most);
  const every = Math.ceil(inside.length / Math.max(2, count));
  return { least, most, values: inside.filter((_, at) => at % every === 0) };
}

/**
 * Places for labels as near as possible to where they belong, none over another, all within the
 * room where that is large enough.
 * @param {number[]} wanted
 * @param {number} apart
 * @param {[least: number, most: number]} room
 * @returns {number[]}
 */
export function lettersApart(wanted, apart, [least, most]) {
  const order = wanted.map((_, at) => at).sort((one, other) => wanted[one] - wanted[other]);
  const places = [...wanted];
  let next = least;
  for (const at of order) {
    places[at] = Math.max(next, Number.isFinite(wanted[at]) ? wanted[at] : most);
    next = places[at] + apart;
  }
  let last = most;
  for (const at of order.toReversed()) {
    places[at] = Math.min(last, places[at]);
    last = places[at] - apart;
  }
  return places;
}
