/**
 * What a layer graph looks like, as SVG.
 *
 * @typedef {import("./layer-blocks.js").Item} Item
 * @typedef {import("./layer-layout.js").Box} Box
 * @typedef {import("./layer-layout.js").Frame} Frame
 */
import { css, nothing, svg } from "lit";
import { t } from "../../i18n/index.js";

/**
 * @typedef {object} Shown the text of an item
 * @property {string} title
 * @property {string} detail what it computes
 * @property {string} size of its feature map
 * @property {"wide" | "slim"} look slim if it works on each value alone
 * @property {string} flag what is wrong with it, or ""
 */

/** Size of an item in px of the drawing. */
export const ITEM_WIDTH = 194;
export const ITEM_HEIGHTS = { wide: 42, slim: 26 };
/** Side of the sign that opens or folds a block. */
const SIGN = 24;
/** Characters that fit on a line. */
const LINE_LETTERS = 26;

/**
 * @param {Shown} shown
 * @param {Box} box
 * @param {{ isBlock: boolean, isSelected: boolean, isHovered: boolean, isActive: boolean }} state
 */
export function itemDrawing({ title, detail, size, look, flag }, box, state) {
  const { x, y, width, height } = box;
  const classes = [
    "item",
    look,
    state.isBlock ? "block" : "",
    state.isSelected ? "selected" : "",
    state.isHovered ? "hovered" : "",
    state.isActive ? "active" : "",
  ].join(" ");
  const [left, right] = [x + 10, x + width - 10];
  const first = look === "wide" ? y + 17 : y + height / 2 + 4;
  const room = LINE_LETTERS - (look === "slim" ? detail.length : 0) - (state.isBlock ? 4 : 0);
  return svg`
    <g class=${classes}>
      ${state.isBlock ? box_("behind", { x: x + 3, y: y + 3, width, height }) : nothing}
      ${box_("body", box)}
      <text class="title" x=${left} y=${first}>${shortened(title, Math.max(4, room))}</text>
      ${
        look === "slim"
          ? svg`<text class="detail end" x=${right} y=${first}>${detail}</text>`
          : svg`<text class="detail" x=${left} y=${y + 33}>${shortened(detail, LINE_LETTERS - size.length)}</text>
              <text class="size end" x=${right} y=${y + 33}>${size}</text>`
      }
      ${flag ? warning(x + width - 8, y) : nothing}
    </g>`;
}

/**
 * The sign that opens or folds a block, in the top right corner of its box.
 * @param {Box} box
 * @param {"open" | "fold"} kind
 * @param {string} id of the block
 */
export function blockSign({ x, y, width }, kind, id) {
  const [left, top] = [x + width - SIGN, y];
  const [middleX, middleY] = [left + SIGN / 2, top + SIGN / 2];
  const across = `M${middleX - 4} ${middleY}h8`;
  const down = kind === "open" ? `M${middleX} ${middleY - 4}v8` : "";
  return svg`<g class="sign" data-toggle=${id}>
    <title>${t(`layers.graph.${kind}`)}</title>
    <rect x=${left} y=${top} width=${SIGN} height=${SIGN} rx="5"></rect>
    <path d=${across + down}></path>
  </g>`;
}

/**
 * An open block: a frame around its items, with its name.
 * @param {Frame} frame
 * @param {string} label
 */
export function frameDrawing(frame, label) {
  const { x, y, width } = frame;
  const room = Math.floor((width / 2 - 16) / 6.5);
  return svg`
    ${box_("frame", frame)}
    <text class="frame-title" x=${x + 8} y=${y + 15}>${shortened(label, room)}</text>
    ${blockSign({ ...frame, y: y - 1 }, "fold", frame.id)}`;
}

export const drawingStyles = css`
  text {
    fill: var(--cnn-ink);
    font: 12px var(--cnn-font);
    font-variant-numeric: tabular-nums;
    pointer-events: none;
  }
  .title {
    font-weight: 600;
  }
  .detail,
  .size,
  .frame-title {
    fill: var(--cnn-soft);
    font-size: 11px;
  }
  .end {
    text-anchor: end;
  }
  .edge {
    fill: none;
    stroke: var(--cnn-edge);
    stroke-width: 1.25;
  }
  .frame {
    fill: color-mix(in srgb, var(--cnn-ink) 3%, transparent);
    stroke: var(--cnn-line);
  }
  .body,
  .behind {
    fill: var(--cnn-panel);
    stroke: var(--cnn-edge);
  }
  .slim .body {
    fill: var(--cnn-paper);
    stroke: var(--cnn-line);
  }
  .slim .title {
    font-weight: 400;
  }
  .hovered .body {
    stroke: var(--cnn-ink);
  }
  .selected .body {
    fill: var(--cnn-tint);
    stroke: var(--cnn-accent);
    stroke-width: 2;
  }
  .selected text {
    fill: var(--cnn-ink);
  }
  .sign {
    cursor: pointer;
  }
  .sign rect {
    fill: transparent;
  }
  .sign:hover rect {
    fill: var(--cnn-tint);
  }
  .sign path {
    fill: none;
    stroke: var(--cnn-soft);
    stroke-width: 1.75;
    stroke-linecap: round;
  }
  .sign:hover path {
    stroke: var(--cnn-ink);
  }
  .warning path {
    fill: var(--cnn-problem);
    stroke: var(--cnn-panel);
  }
  .warning text {
    fill: var(--cnn-panel);
    font-weight: 700;
    text-anchor: middle;
  }
  .viewport:focus-visible .active .body {
    stroke: var(--cnn-focus);
    stroke-width: 3;
  }
  .far text {
    display: none;
  }
  @media (forced-colors: active) {
    svg {
      forced-color-adjust: none;
      --cnn-panel: Canvas;
      --cnn-paper: Canvas;
      --cnn-tint: Canvas;
      --cnn-ink: CanvasText;
      --cnn-soft: CanvasText;
      --cnn-edge: CanvasText;
      --cnn-line: GrayText;
      --cnn-accent: Highlight;
      --cnn-focus: Highlight;
      --cnn-problem: CanvasText;
    }
  }
`;

/**
 * @param {string} look
 * @param {Box} box
 */
function box_(look, { x, y, width, height }) {
  return svg`<rect class=${look} x=${x} y=${y} width=${width} height=${height} rx="6"></rect>`;
}

/**
 * A warning sign on the corner of an item.
 * @param {number} x
 * @param {number} y
 */
function warning(x, y) {
  return svg`<g class="warning">
    <path d="M${x} ${y - 10}l9 16h-18z"></path>
    <text x=${x} y=${y + 4}>!</text>
  </g>`;
}

/**
 * Shortens a name from the left: its end says more than its beginning.
 * @param {string} text
 * @param {number} letters
 */
function shortened(text, letters) {
  return text.length <= letters ? text : `…${text.slice(text.length - Math.max(1, letters - 1))}`;
}
