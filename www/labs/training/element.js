import { t } from "../../i18n/index.js";
import { drawingToPicture } from "../../pictures/drawing.js";
import { downloadBlob } from "../../widgets/base/download.js";
import { controls, tokens } from "../../widgets/base/shared-styles.js";
import { LabElement, sentence } from "../shared/lab-element.js";
import { labStyles } from "../shared/lab-styles.js";
import { engines } from "./engine.js";
import { historyCsv } from "./history.js";
import { TrainingLabModel } from "./model.js";
import { runColors } from "./run-colors.js";
import { latest } from "./runs.js";
import { LETTERS, trainingLabState } from "./state.js";
import { trainingLabStyles } from "./styles.js";
import { trainingLabView } from "./view.js";
import { percent } from "./words.js";

/** @typedef {import("./state.js").TrainingLabState} TrainingLabState */
/** @typedef {"data" | "network" | "training"} Panel */

/** Steps between two announcements of how far the runs are. */
const SPOKEN_EVERY = 100;

/**
 * The training lab: up to five small networks that learn beside each other. Attributes and events
 * are those of {@link LabElement}.
 *
 * @augments {LabElement<TrainingLabState, TrainingLabModel>}
 */
export class TrainingLabElement extends LabElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    panel: { state: true },
    bits: { state: true },
  };

  static styles = [tokens, controls, labStyles, runColors, trainingLabStyles];

  /** Steps at the last announcement. */
  #said = -1;
  #hasStarted = false;

  constructor() {
    super();
    /** Settings that are open in place of the race. @type {Panel | null} */
    this.panel = null;
    /** What is drawn, as the drawing pad gives it. @type {string | null} */
    this.bits = null;
    this.addEventListener("keydown", this.#onKeydown);
  }

  /** @override */
  get kind() {
    return trainingLabState;
  }

  /**
   * @override
   * @param {TrainingLabState} state
   */
  createModel(state) {
    return new TrainingLabModel(engines, loadDigits, state);
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.#hasStarted || !this.#startsByItself()) return;
    this.#hasStarted = true;
    this.model?.play();
  }

  /** @override */
  render() {
    return this.model && trainingLabView(this.model, this);
  }

  /**
   * Announces why nothing runs, or how far the runs are.
   * @override
   * @param {TrainingLabModel} model
   */
  announcement(model) {
    const [runs, problem] = [model.runs.value, model.problem.value];
    const step = model.step.value;
    const hundred = model.playing.value ? Math.floor(step / SPOKEN_EVERY) : step;
    if (!problem && hundred === this.#said) return null;
    return () => {
      if (problem) return sentence(problem);
      this.#said = hundred;
      const results = runs.map((run, at) => {
        const share = latest(run)?.heldOutAccuracy;
        return share === undefined ? "" : `${LETTERS[at]} ${percent(share)}`;
      });
      return t("training.spoken", { step, results: results.join(", ") });
    };
  }

  /** @override */
  leave() {
    this.panel = null;
  }

  /** @override */
  reset() {
    this.panel = null;
    this.clearDrawing();
    super.reset();
  }

  /** @param {Panel} panel */
  toggle(panel) {
    this.panel = this.panel === panel ? null : panel;
    if (this.panel === "data") void this.model?.showGallery();
  }

  /** @param {string} bits */
  draw(bits) {
    this.bits = bits;
    if (this.model) this.model.drawing.value = drawingToPicture(bits);
  }

  clearDrawing() {
    this.bits = null;
    if (this.model) this.model.drawing.value = null;
  }

  saveHistory() {
    const { model } = this;
    if (!model) return;
    const text = historyCsv(model.runs.peek());
    downloadBlob(new Blob([text], { type: "text/csv" }), "cnn-playground-training.csv");
  }

  /** It does not where motion or data are to be saved, or as part of another page. */
  #startsByItself() {
    const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (navigator);
    return (
      this.hash && !matchMedia("(prefers-reduced-motion: reduce)").matches && !connection?.saveData
    );
  }

  /** @param {KeyboardEvent} event */
  #onKeydown = (event) => {
    const { model } = this;
    const [origin] = event.composedPath();
    if (!model || event.ctrlKey || event.metaKey || event.altKey || isControl(origin)) return;
    const run = "12345".indexOf(event.key);
    if (event.key === " ") {
      if (model.playing.peek()) model.pause();
      else model.play();
    } else if (event.key === "ArrowRight") void model.takeSteps(event.shiftKey ? 10 : 1);
    else if (run >= 0 && run < model.runs.peek().length) model.set({ chosen: run }, "chosen");
    else if (event.code === "KeyD") model.dropRate();
    else return;
    event.preventDefault();
  };
}

/** The digits as text, loaded once. */
async function loadDigits() {
  const { default: file } = await import("./data/digits.json");
  return file.digits;
}

/**
 * Whether keys already mean something there.
 * @param {EventTarget} origin
 */
function isControl(origin) {
  return (
    origin instanceof Element &&
    origin.matches("button, input, select, textarea, a, summary, [role], [tabindex]")
  );
}
