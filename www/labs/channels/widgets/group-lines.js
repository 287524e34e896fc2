import { css, html, LitElement, nothing, svg } from "lit";
import { t } from "../../../i18n/index.js";
import { emit } from "../../../widgets/base/emit.js";
import { Localized } from "../../../widgets/base/localized.js";
import { controls } from "../../../widgets/base/shared-styles.js";

/**
 * @typedef {import("../contract.js").Line} Line
 * @typedef {import("../contract.js").Picture} Picture
 * @typedef {{ level: number, index: number }} Pointed
 */

/** Side of a map and distance between two, in CSS px. */
const MAP = 46;
const STEP = 54;
/** Most lines that carry their kernel: more would cover one another. */
const KERNELS = 16;
/** Thickness of the strongest line and of the weakest, in CSS px. */
const THICK = 3;
const THIN = 0.5;

/**
 * Columns of maps and the lines that feed one column from the one before: as thick as the weights
 * are large, in the colour of their sign.
 *
 * @fires map-point - `{ pointed: { level, index } | null }`, the map under the pointer or with the
 *   focus; its owner sets it
 */
export class GroupLinesElement extends Localized(LitElement) {
  static properties = {
    levels: { attribute: false },
    lines: { attribute: false },
    titles: { attribute: false },
    between: { attribute: false },
    pointed: { attribute: false },
    width: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: block;
        min-inline-size: 420px;
      }
      .titles {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        font-size: 12px;
        line-height: 1.3;
      }
      .titles span {
        color: var(--cnn-soft);
        text-align: center;
      }
      .drawing {
        position: relative;
        margin-block-start: 8px;
      }
      svg {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        overflow: visible;
      }
      path {
        fill: none;
        stroke: var(--cnn-edge);
      }
      path.positive {
        stroke: var(--cnn-pos);
      }
      path.negative {
        stroke: var(--cnn-neg);
      }
      .pale {
        opacity: 0.12;
      }
      .columns {
        display: flex;
        justify-content: space-between;
      }
      .column {
        display: grid;
        gap: ${STEP - MAP}px;
        position: relative;
      }
      button.map {
        inline-size: ${MAP}px;
        block-size: ${MAP}px;
        min-inline-size: 0;
        min-block-size: 0;
        padding: 0;
        border-radius: 4px;
        overflow: hidden;
      }
      cnn-picture-canvas {
        inline-size: 100%;
      }
      rect.edge {
        fill: none;
        stroke: var(--cnn-edge);
        stroke-width: 1;
      }
    `,
  ];

  #resizes = new ResizeObserver(([entry]) => {
    this.width = entry.contentRect.width;
  });

  constructor() {
    super();
    /** @type {Picture[][]} Columns of maps, the inputs first. */
    this.levels = [];
    /** @type {Line[][]} The lines from each column to the next. */
    this.lines = [];
    /** @type {string[]} Names of the columns. */
    this.titles = [];
    /** @type {string[]} What stands between two columns. */
    this.between = [];
    /** @type {Pointed | null} The map whose lines are kept while the others pale. */
    this.pointed = null;
    /** Width in CSS px, measured. */
    this.width = 0;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  render() {
    const kept = this.#kept();
    const heads = this.titles
      .slice(0, this.levels.length)
      .flatMap((title, level) => (level === 0 ? [title] : [null, title]));
    return html`
      <div class="titles">
        ${heads.map((title, at) =>
          title === null ? html`<span>${this.between[(at - 1) / 2]}</span>` : html`<b>${title}</b>`,
        )}
      </div>
      <div class="drawing">
        <svg aria-hidden="true">${this.lines.map((lines, level) => this.#layer(lines, level, kept))}</svg>
        <div class="columns">
          ${this.levels.map((maps, level) => this.#column(maps, level, kept))}
        </div>
      </div>
    `;
  }

  /**
   * @param {Picture[]} maps
   * @param {number} level
   * @param {Set<string> | null} kept
   */
  #column(maps, level, kept) {
    return html`<div class="column" role="group" aria-label=${this.titles[level]}>
      ${maps.map(
        (picture, index) => html`<button
          type="button"
          class=${kept && !kept.has(`${level} ${index}`) ? "map pale" : "map"}
          aria-label=${t("channels.groups.map", { column: this.titles[level], map: index + 1, lines: this.#count(level, index) })}
          title=${t("channels.groups.map", { column: this.titles[level], map: index + 1, lines: this.#count(level, index) })}
          @pointerenter=${() => this.#point({ level, index })}
          @pointerleave=${() => this.#point(null)}
          @focus=${() => this.#point({ level, index })}
          @blur=${() => this.#point(null)}
        >
          <cnn-picture-canvas .picture=${picture}></cnn-picture-canvas>
        </button>`,
      )}
    </div>`;
  }

  /**
   * @param {Line[]} lines
   * @param {number} level
   * @param {Set<string> | null} kept
   */
  #layer(lines, level, kept) {
    const columns = this.levels.length;
    const gap = (this.width - columns * MAP) / Math.max(1, columns - 1);
    const left = level * (MAP + gap) + MAP + 4;
    const right = left + gap - 8;
    const middle = (left + right) / 2;
    const y = (/** @type {number} */ index) => index * STEP + MAP / 2;
    const hasKernels = lines.length <= KERNELS && lines.some(({ cells }) => cells.inks.length > 1);
    const { pointed } = this;
    const isKept = (/** @type {Line} */ { from, to }) =>
      !kept || !pointed || (kept.has(`${level} ${from}`) && kept.has(`${level + 1} ${to}`));
    return svg`${lines.map((line) => {
      const [start, end] = [y(line.from), y(line.to)];
      const sign = line.cells.inks.length > 1 ? "" : line.sum < 0 ? "negative" : "positive";
      const curve = `M${left} ${start}C${middle} ${start} ${middle} ${end} ${right} ${end}`;
      const width = THIN + (THICK - THIN) * line.strength;
      const look = isKept(line) ? sign : `${sign} pale`;
      return svg`<path class=${look} d=${curve} stroke-width=${width}></path>${
        hasKernels ? kernelAt(line, along(line, left, right, start, end), isKept(line)) : nothing
      }`;
    })}`;
  }

  /** The maps that have a line to the one pointed at, each as "level index". */
  #kept() {
    const { pointed } = this;
    if (!pointed) return null;
    const kept = new Set([`${pointed.level} ${pointed.index}`]);
    const walk = (/** @type {number} */ level, /** @type {number} */ step) => {
      const lines = this.lines[step > 0 ? level : level - 1];
      if (!lines) return;
      for (const { from, to } of lines) {
        const [here, there] = step > 0 ? [from, to] : [to, from];
        if (kept.has(`${level} ${here}`)) kept.add(`${level + step} ${there}`);
      }
      walk(level + step, step);
    };
    walk(pointed.level, 1);
    const forward = new Set(kept);
    kept.clear();
    kept.add(`${pointed.level} ${pointed.index}`);
    walk(pointed.level, -1);
    return new Set([...forward, ...kept]);
  }

  /**
   * How many lines reach a map; of an input, how many leave it.
   * @param {number} level
   * @param {number} index
   */
  #count(level, index) {
    if (level === 0) return (this.lines[0] ?? []).filter(({ from }) => from === index).length;
    return (this.lines[level - 1] ?? []).filter(({ to }) => to === index).length;
  }

  /** @param {Pointed | null} pointed */
  #point(pointed) {
    emit(this, "map-point", { pointed });
  }
}

/**
 * Where a line carries its kernel: later inputs further along, so that kernels that meet stand apart.
 * @param {Line} line
 * @param {number} left
 * @param {number} right
 * @param {number} start
 * @param {number} end
 * @returns {[x: number, y: number]}
 */
function along(line, left, right, start, end) {
  const share = line.from === line.to ? 0.5 : line.from < line.to ? 0.26 : 0.74;
  const ease = share * share * (3 - 2 * share);
  return [left + (right - left) * share, start + (end - start) * ease];
}

/**
 * The kernel of a line, cell by cell.
 * @param {Line} line
 * @param {[x: number, y: number]} place  of its centre
 * @param {boolean} isKept
 */
function kernelAt({ cells }, [x, y], isKept) {
  const side = Math.sqrt(cells.inks.length);
  const cell = 8;
  const [left, top] = [x - (side * cell) / 2, y - (side * cell) / 2];
  return svg`<g class=${isKept ? "" : "pale"}>${Array.from(cells.inks, (_, index) => {
    const [red, green, blue] = cells.colors.slice(4 * index, 4 * index + 3);
    return svg`<rect
      x=${left + (index % side) * cell}
      y=${top + Math.floor(index / side) * cell}
      width=${cell}
      height=${cell}
      fill=${`rgb(${red} ${green} ${blue})`}
    ></rect>`;
  })}<rect class="edge" x=${left} y=${top} width=${side * cell} height=${side * cell} rx="1"></rect></g>`;
}
