import { number, t } from "../../i18n/index.js";
import { encodePng } from "../../pictures/load.js";
import { downloadBlob } from "../../widgets/base/download.js";
import { controls, tokens } from "../../widgets/base/shared-styles.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { LabElement, sentence } from "../shared/lab-element.js";
import { labStyles } from "../shared/lab-styles.js";
import { benchStyles } from "./bench-styles.js";
import { engine } from "./engine.js";
import { ChannelsLabModel } from "./model.js";
import { CHANNELS, channelsLabState } from "./state.js";
import { channelsLabStyles } from "./styles.js";
import { channelsLabView } from "./view.js";
import "./words.js";

/** @typedef {import("./state.js").ChannelsLabState} ChannelsLabState */

/**
 * The channels lab: a colour picture taken apart, filters of three kernels, a stack of feature maps,
 * and groups. Attributes and events are those of {@link LabElement}.
 *
 * @augments {LabElement<ChannelsLabState, ChannelsLabModel>}
 */
export class ChannelsLabElement extends LabElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    isOutputPainted: { state: true },
    gridProblem: { state: true },
    pasteProblem: { state: true },
    pointed: { state: true },
  };

  static styles = [tokens, controls, labStyles, channelsLabStyles, benchStyles];

  /** The selected pixel at the last announcement; before that, the initial one. */
  #saidPlace = "";
  /** The cell of the kernels that has, or last had, the focus. */
  #cell = { row: 0, col: 0 };

  constructor() {
    super();
    /** Everything that the first output does not need is rendered after it. */
    this.isOutputPainted = false;
    /** @type {{ channel: number, row: number, col: number, message: string } | null} */
    this.gridProblem = null;
    /** @type {{ text: string, message: string } | null} */
    this.pasteProblem = null;
    /** The map of the groups under the pointer. @type {{ level: number, index: number } | null} */
    this.pointed = null;
    // Before the kernel, in which Page Down leads to the last row.
    this.addEventListener("keydown", this.#onKeydown, { capture: true });
  }

  /** @override */
  get kind() {
    return channelsLabState;
  }

  /**
   * @override
   * @param {ChannelsLabState} state
   */
  createModel(state) {
    return new ChannelsLabModel(engine, state);
  }

  /** @override */
  render() {
    return this.model && channelsLabView(this.model, this);
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    super.updated(changed);
    const { output, problem } = this.model ?? {};
    if (this.isOutputPainted || !(output?.peek() || problem?.peek())) return;
    // The frame after the next one starts once the next one has been presented.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.isOutputPainted = true;
      }),
    );
  }

  /**
   * Announces why there is no output, which pixel was picked, or what the output is.
   * @override
   * @param {ChannelsLabModel} model
   */
  announcement(model) {
    const output = model.output.value;
    const [problem, inspection] = [model.problem.value, model.inspection.value];
    const place = String(model.store.state.value.position);
    if (!output || model.hovered.value) return null;
    this.#saidPlace ||= place;
    return () => {
      const isPicked = inspection !== null && place !== this.#saidPlace;
      this.#saidPlace = place;
      if (problem) return sentence(problem);
      if (!isPicked) return this.mapWords(model.chosen.peek(), output.map);
      const { row, col, value } = inspection;
      return t("lab.pixel.spoken", { row, column: col, value: readable(value) });
    };
  }

  /** @override */
  leave() {
    this.model?.endSlide();
  }

  async savePng() {
    const output = this.model?.output.peek();
    if (output) downloadBlob(await encodePng(output.map.picture), "cnn-playground-map.png");
  }

  /** @param {"csv" | "npy"} format */
  async saveValues(format) {
    const values = await this.model?.values(format);
    if (!values) return;
    const type = format === "csv" ? "text/csv" : "application/octet-stream";
    downloadBlob(new Blob([values], { type }), `cnn-playground-maps.${format}`);
  }

  /**
   * @param {number} channel
   * @param {{ row: number, col: number, text: string }} typed
   */
  async typeWeight(channel, typed) {
    const problem = await this.model?.type(channel, typed);
    const { row, col } = typed;
    this.gridProblem = problem
      ? { channel, row, col, message: this.words(() => sentence(problem)) }
      : null;
  }

  /** @param {string} text */
  async pasteWeights(text) {
    const problem = await this.model?.paste(text);
    this.pasteProblem = problem ? { text, message: this.words(() => sentence(problem)) } : null;
  }

  /**
   * @param {number} channel
   * @param {{ row: number, col: number }} cell
   */
  focusedCell(channel, cell) {
    this.#cell = cell;
    if (this.model) this.model.channel.value = channel;
  }

  /**
   * @param {number} filter
   * @param {import("./contract.js").LegendedPicture} map
   */
  mapWords(filter, { picture, legend }) {
    const { width, height } = picture;
    const [min, max] = [number(legend.valueMin), number(legend.valueMax)];
    return t("channels.map.alt", { filter: filter + 1, width, height, min, max });
  }

  /**
   * Page Up and Page Down change the channel and keep the cell; Alt and a digit choose a filter.
   * @param {KeyboardEvent} event
   */
  #onKeydown(event) {
    const { model } = this;
    if (!model || event.ctrlKey || event.metaKey) return;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (event.altKey && digit) {
      model.choose(Number(digit) - 1);
      event.preventDefault();
      return;
    }
    const direction = { PageUp: -1, PageDown: 1 }[event.key];
    const [origin] = event.composedPath();
    const grid = /** @type {Element} */ (origin).getRootNode?.();
    const inKernel =
      grid instanceof ShadowRoot && grid.host.localName === "cnn-kernel-grid" && !event.altKey;
    if (!direction || !inKernel) return;
    event.preventDefault();
    event.stopPropagation();
    const channel = (model.channel.peek() + direction + CHANNELS.length) % CHANNELS.length;
    const grids = this.renderRoot.querySelectorAll("cnn-kernel-grid");
    const next = /** @type {import("../../widgets/kernel/kernel-grid.js").KernelGridElement} */ (
      grids[channel]
    );
    next.focusCell(this.#cell.row, this.#cell.col);
  }
}
