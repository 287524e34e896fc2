import { number, t } from "../../i18n/index.js";
import { encodePng } from "../../pictures/load.js";
import { downloadBlob } from "../../widgets/base/download.js";
import { engine } from "./engine.js";
import { KernelLabModel } from "./model.js";
import { kernelLabState } from "./state.js";
import { kernelLabStyles } from "./styles.js";
import { kernelLabView } from "./view.js";
import "./words.js";
import { popoverStyles } from "../../widgets/base/anchored-popover.js";
import { controls, tokens } from "../../widgets/base/shared-styles.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { LabElement, sentence } from "../shared/lab-element.js";
import { labStyles } from "../shared/lab-styles.js";

/** @typedef {import("./state.js").KernelLabState} KernelLabState */

/** Milliseconds without a change after which what is below the first screen follows. */
const REST_MS = 250;

/**
 * The kernel lab: a picture, a kernel to paint, the convolved picture, and one of its pixels
 * explained. Attributes and events are those of {@link LabElement}.
 *
 * @augments {LabElement<KernelLabState, KernelLabModel>}
 */
export class KernelLabElement extends LabElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    isOutputPainted: { state: true },
    gridProblem: { state: true },
    pasteProblem: { state: true },
    rested: { state: true },
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #restTimer;

  static styles = [tokens, controls, popoverStyles, labStyles, kernelLabStyles];

  /** The selected pixel at the last announcement; before that, the initial one. */
  #saidPlace = "";

  constructor() {
    super();
    /** Everything that the first output does not need is rendered after it. */
    this.isOutputPainted = false;
    /** The pixel explained, once it has come to rest. @type {import("./contract.js").Inspection | null} */
    this.rested = null;
    /** @type {{ row: number, col: number, message: string } | null} */
    this.gridProblem = null;
    /** @type {{ text: string, message: string } | null} */
    this.pasteProblem = null;
  }

  /** @override */
  get kind() {
    return kernelLabState;
  }

  /**
   * @override
   * @param {KernelLabState} state
   */
  createModel(state) {
    return new KernelLabModel(engine, state);
  }

  /** @override */
  render() {
    return this.model && kernelLabView(this.model, this);
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    super.updated(changed);
    this.#followInspection();
    const { frame, problem } = this.model ?? {};
    if (this.isOutputPainted || !(frame?.peek() || problem?.peek())) return;
    // The frame after the next one starts once the next one has been presented.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.isOutputPainted = true;
      }),
    );
  }

  #followInspection() {
    const inspection = this.model?.inspection.peek() ?? null;
    if (inspection === this.rested) return;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      this.rested = inspection;
    }, REST_MS);
  }

  /**
   * Announces why there is no output, which pixel was picked, or what the output is.
   * @override
   * @param {KernelLabModel} model
   */
  announcement(model) {
    const [frame, problem, inspection] = [
      model.frame.value,
      model.problem.value,
      model.inspection.value,
    ];
    const place = String(model.store.state.value.position);
    if (!frame || model.hovered.value) return null;
    this.#saidPlace ||= place;
    return () => {
      const isPicked = inspection !== null && place !== this.#saidPlace;
      this.#saidPlace = place;
      if (problem) return sentence(problem);
      return isPicked ? pixelWords(inspection) : this.outputWords(frame);
    };
  }

  /** @override */
  leave() {
    this.model?.endSlide();
  }

  async savePng() {
    const frame = this.model?.frame.peek();
    if (!frame) return;
    downloadBlob(await encodePng(frame.picture), "cnn-playground-output.png");
  }

  async saveCsv() {
    const csv = await this.model?.csv();
    if (csv) downloadBlob(new Blob([csv], { type: "text/csv" }), "cnn-playground-output.csv");
  }

  /** @param {{ row: number, col: number, text: string }} typed */
  async typeWeight({ row, col, text }) {
    const problem = await this.model?.type(row, col, text);
    this.gridProblem = problem ? { row, col, message: this.words(() => sentence(problem)) } : null;
  }

  /** @param {string} text */
  async pasteKernel(text) {
    const problem = await this.model?.paste(text);
    this.pasteProblem = problem ? { text, message: this.words(() => sentence(problem)) } : null;
  }

  /** @param {import("./contract.js").Frame} frame */
  outputWords({ picture, legend }) {
    const { width, height } = picture;
    const [min, max] = [number(legend.valueMin), number(legend.valueMax)];
    return t("kernel-lab.output.alt", { width, height, min, max });
  }
}

/** @param {import("./contract.js").Inspection} inspection */
function pixelWords({ row, col, value }) {
  return t("lab.pixel.spoken", { row, column: col, value: readable(value) });
}
