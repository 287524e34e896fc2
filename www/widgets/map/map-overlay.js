import { css, nothing, svg } from "lit";
import { t } from "../../i18n/index.js";
import { hull, isDilated, onScreen, pixelBox } from "./map-geometry.js";

/**
 * What is drawn over a map, in CSS px of the viewport, so that lines keep their width.
 *
 * @typedef {import("./map-geometry.js").Placement} Placement
 * @typedef {import("./map-geometry.js").Lattice} Lattice
 * @typedef {import("./map-geometry.js").Edges} Edges
 * @typedef {import("./map-geometry.js").Size} Size
 * @typedef {"hover" | "pin-a" | "pin-b"} Kind
 * @typedef {{ row: number, col: number, kind: Kind }} Marker `row`, `col` is a map pixel
 * @typedef {import("./map-geometry.js").Taps & { kind: Kind }} Window input coordinates of the taps
 * @typedef {{ edges: Edges, kind: "field" | "between" | "named" | "unit" | "mass" }} Field `field`
 * is the outermost, `named` a highlighted one in between, `unit` the position whose field it is,
 * `mass` the part that counts most
 * @typedef {{ x: number, y: number, width: number, height: number }} ScreenBox
 */

/**
 * Size of a map pixel, in CSS px, from which grid lines are drawn and markers are outlines, not
 * rings.
 */
const LINED = 24;
const OUTLINED = 10;
/** Size in CSS px below which a tap is filled, for lack of room for an outline. */
const OPEN_TAP = 6;
/** Width of the outline of a window or pixel; it lies outside the box. */
const LINE = 2;

/**
 * The padding ring: hatched and dimmed, with a line around the picture itself.
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {Edges} border widths in map pixels
 */
export function paddingRing(placement, lattice, border) {
  if (!(border.top || border.left || border.bottom || border.right)) return nothing;
  const outer = pixelsOnScreen(placement, lattice, [0, 0], [lattice.height, lattice.width]);
  const inner = pixelsOnScreen(
    placement,
    lattice,
    [border.top, border.left],
    [lattice.height - border.bottom, lattice.width - border.right],
  );
  const ring = rectangle(outer) + rectangle(inner);
  return svg`
    <path class="dim" d=${ring} fill-rule="evenodd"></path>
    <path d=${ring} fill-rule="evenodd" fill="url(#hatch)"></path>
    ${rect("edge", inner)}`;
}

/**
 * Grid lines between map pixels, if there is room for them.
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {Size} viewport
 */
export function pixelLines(placement, lattice, viewport) {
  const cell = onScreen(placement, pixelBox(lattice, [0, 0]));
  if (Math.min(cell.width, cell.height) < LINED) return nothing;
  const down = linesAcross(cell.x, cell.width, lattice.width, viewport.width);
  const across = linesAcross(cell.y, cell.height, lattice.height, viewport.height);
  const right = cell.x + cell.width * lattice.width;
  const bottom = cell.y + cell.height * lattice.height;
  const vertical = down.map((x) => `M${x} ${cell.y}V${bottom}`);
  const horizontal = across.map((y) => `M${cell.x} ${y}H${right}`);
  return svg`<path class="lines" d=${vertical.concat(horizontal).join("")}></path>`;
}

/**
 * Covers every map pixel from index `reveal` on, in row-major order, and outlines the first.
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {number} reveal
 */
export function cover(placement, lattice, reveal) {
  const { width, height } = lattice;
  const row = Math.floor(reveal / width);
  const col = reveal % width;
  if (row >= height) return nothing;
  const rest = pixelsOnScreen(placement, lattice, [row, col], [row + 1, width]);
  const below = pixelsOnScreen(placement, lattice, [row + 1, 0], [height, width]);
  const next = onScreen(placement, pixelBox(lattice, [row, col]));
  return svg`
    <path class="cover" d=${rectangle(rest) + rectangle(below)}></path>
    ${outline("hover", next)}`;
}

/**
 * The outline of a window; if there are gaps between its taps, each tap and a dashed outline.
 *
 * The outline lies outside the window, and a small window gets a gap and a pale casing, so that it
 * can be seen without looking larger than it is.
 * @param {Placement} placement
 * @param {Window} taps
 * @param {Size} viewport
 */
export function windowOutline(placement, taps, viewport) {
  const box = onScreen(placement, hull(taps));
  const gap = Math.min(box.width, box.height) < 12 ? 1.5 : 0;
  if (!isDilated(taps)) return [outline(taps.kind, box, gap), tag(taps.kind, box, viewport)];
  const cells = tapCells(placement, taps);
  const look = placement.scale < OPEN_TAP ? "tap filled" : "tap";
  return [
    outline(taps.kind, box, gap, "dashed"),
    svg`<path class="${look} ${taps.kind}" d=${cells}></path>`,
    tag(taps.kind, box, viewport),
  ];
}

/**
 * A marked map pixel: outlined if it is large enough, ringed if not. Pins carry their letter, A in
 * a circle and B in a square.
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {Marker} marker
 * @param {Size} viewport
 */
export function markerSign(placement, lattice, { row, col, kind }, viewport) {
  const box = onScreen(placement, pixelBox(lattice, [row, col]));
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const sign = Math.min(box.width, box.height) < OUTLINED ? ring(kind, x, y) : outline(kind, box);
  if (kind === "hover") return sign;
  const reach = Math.max(box.width, box.height) / 2 + 12;
  const badgeX = x + reach + BADGE > viewport.width ? x - reach : x + reach;
  const badgeY = y - reach - BADGE < 0 ? y + reach : y - reach;
  return [sign, badge(kind, badgeX, badgeY)];
}

/**
 * Nested rectangles; the part of a field outside the picture is hatched.
 * @param {Placement} placement
 * @param {readonly Field[]} fields
 * @param {Lattice} lattice of the picture
 */
export function nestedFields(placement, fields, lattice) {
  const picture = pixelsOnScreen(placement, lattice, [0, 0], [lattice.height, lattice.width]);
  return fields.map(({ edges, kind }) => {
    const { top, left, bottom, right } = edges;
    const box = onScreen(placement, { top, left, width: right - left, height: bottom - top });
    if (kind === "between") return rect("between", box);
    if (kind === "unit") return rect("unit", box);
    if (kind === "mass") return [rect("casing", box), rect("mass", box)];
    if (kind === "named") return [rect("casing", box), rect("named", box)];
    const outside = rectangle(box) + rectangle(common(box, picture));
    return svg`
      <path class="dim" d=${outside} fill-rule="evenodd"></path>
      <path d=${outside} fill-rule="evenodd" fill="url(#hatch)"></path>
      ${outline("hover", box)}`;
  });
}

/** The hatching that {@link paddingRing} fills with. */
export const hatchPattern = svg`<defs>
  <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">
    <path class="hatch" d="M-1 1 1-1M0 6 6 0M5 7 7 5"></path>
  </pattern>
</defs>`;

export const overlayStyles = css`
  .overlay {
    --map-line: var(--cnn-focus);
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    pointer-events: none;
  }
  .overlay * {
    fill: none;
  }
  .overlay .dim {
    fill: color-mix(in srgb, var(--cnn-panel) 45%, transparent);
  }
  .overlay [fill="url(#hatch)"] {
    fill: url("#hatch");
  }
  .hatch {
    stroke: color-mix(in srgb, var(--cnn-ink) 45%, transparent);
  }
  .edge {
    stroke: color-mix(in srgb, var(--cnn-ink) 70%, transparent);
  }
  .lines {
    stroke: rgb(128 128 128 / 45%);
    shape-rendering: crispEdges;
  }
  .overlay .cover {
    fill: var(--cnn-panel);
  }
  .overlay .pin-a,
  .overlay .pin-b {
    --map-line: var(--cnn-ink);
  }
  .casing {
    stroke: var(--cnn-panel);
    stroke-width: ${LINE + 2.5};
  }
  .line {
    stroke: var(--map-line);
    stroke-width: ${LINE};
  }
  .line.dashed {
    stroke-dasharray: 4 2.5;
  }
  .between {
    stroke: color-mix(in srgb, var(--map-line) 75%, var(--cnn-panel));
    stroke-width: 1;
  }
  .named {
    stroke: var(--cnn-ink);
    stroke-width: 2;
    stroke-dasharray: 5 3;
  }
  .mass {
    stroke: var(--cnn-ink);
    stroke-width: 2;
  }
  .overlay .unit {
    fill: color-mix(in srgb, var(--map-line) 55%, transparent);
    stroke: var(--cnn-panel);
  }
  .tap {
    stroke: var(--map-line);
    stroke-width: 1.5;
  }
  .overlay .tap.filled {
    stroke: none;
    fill: color-mix(in srgb, var(--map-line) 70%, transparent);
  }
  .overlay .badge {
    fill: var(--cnn-ink);
    stroke: var(--cnn-panel);
    stroke-width: 1.5;
  }
  .overlay .letter {
    fill: var(--cnn-panel);
    font: 700 11px / 1 var(--cnn-font, system-ui, sans-serif);
    text-anchor: middle;
    dominant-baseline: central;
  }
  @media (forced-colors: active) {
    .overlay {
      forced-color-adjust: none;
      --cnn-panel: Canvas;
      --cnn-ink: CanvasText;
      --cnn-focus: Highlight;
    }
  }
`;

/** Half the side of a letter's badge. */
const BADGE = 9;

/**
 * @param {Kind} kind
 * @param {ScreenBox} box
 * @param {number} [gap]
 * @param {string} [look]
 */
function outline(kind, box, gap = 0, look = "") {
  const away = gap + LINE / 2;
  const around = {
    x: box.x - away,
    y: box.y - away,
    width: box.width + 2 * away,
    height: box.height + 2 * away,
  };
  const casing = {
    x: around.x - 0.75,
    y: around.y - 0.75,
    width: around.width + 1.5,
    height: around.height + 1.5,
  };
  return svg`${rect("casing", casing)}${rect(`line ${look} ${kind}`, around)}`;
}

/**
 * @param {Kind} kind
 * @param {number} x
 * @param {number} y
 */
function ring(kind, x, y) {
  return svg`
    <circle class="casing" cx=${x} cy=${y} r="5"></circle>
    <circle class="line ${kind}" cx=${x} cy=${y} r="5"></circle>`;
}

/**
 * The letter of a pin at the corner of its window.
 * @param {Kind} kind
 * @param {ScreenBox} box
 * @param {Size} viewport
 */
function tag(kind, box, viewport) {
  if (kind === "hover") return nothing;
  const x = Math.min(Math.max(box.x, BADGE), viewport.width - BADGE);
  const y = box.y - BADGE - LINE < BADGE ? box.y + box.height + BADGE + LINE : box.y - BADGE - LINE;
  return badge(kind, x, y);
}

/**
 * @param {"pin-a" | "pin-b"} kind
 * @param {number} x
 * @param {number} y
 */
function badge(kind, x, y) {
  const side = 2 * BADGE - 2;
  const shape =
    kind === "pin-a"
      ? svg`<circle class="badge" cx=${x} cy=${y} r=${BADGE}></circle>`
      : rect("badge", { x: x - side / 2, y: y - side / 2, width: side, height: side });
  return svg`${shape}<text class="letter" x=${x} y=${y}>${t(`maps.${kind}`)}</text>`;
}

/**
 * @param {string} look
 * @param {ScreenBox} box
 */
function rect(look, { x, y, width, height }) {
  return svg`<rect class=${look} x=${x} y=${y} width=${width} height=${height}></rect>`;
}

/**
 * The intersection of two boxes; of size 0 if they do not overlap.
 * @param {ScreenBox} a
 * @param {ScreenBox} b
 */
function common(a, b) {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/** @param {ScreenBox} box */
function rectangle({ x, y, width, height }) {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

/**
 * @param {Placement} placement
 * @param {import("./map-geometry.js").Taps} taps
 */
function tapCells(placement, { rows, cols }) {
  let path = "";
  for (const top of Array.from(rows)) {
    for (const left of Array.from(cols)) {
      path += rectangle(onScreen(placement, { top, left, height: 1, width: 1 }));
    }
  }
  return path;
}

/**
 * The box from one map pixel up to, but excluding, another.
 * @param {Placement} placement
 * @param {Lattice} lattice
 * @param {[row: number, col: number]} from
 * @param {[row: number, col: number]} to
 */
function pixelsOnScreen(placement, lattice, from, to) {
  const { top, left } = pixelBox(lattice, from);
  return onScreen(placement, {
    top,
    left,
    height: (to[0] - from[0]) * lattice.step[0],
    width: (to[1] - from[1]) * lattice.step[1],
  });
}

/**
 * The positions of the visible ones among `count + 1` evenly spaced lines.
 * @param {number} start
 * @param {number} pitch
 * @param {number} count
 * @param {number} length of the viewport
 */
function linesAcross(start, pitch, count, length) {
  const first = Math.max(0, Math.ceil(-start / pitch));
  const last = Math.min(count, Math.floor((length - start) / pitch));
  const lines = [];
  for (let index = first; index <= last; index++) lines.push(start + index * pitch);
  return lines;
}
