import { t } from "../../i18n/index.js";
import { encodePng } from "../../pictures/load.js";
import { popoverStyles } from "../../widgets/base/anchored-popover.js";
import { downloadBlob } from "../../widgets/base/download.js";
import { controls, tokens } from "../../widgets/base/shared-styles.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import { LabElement, sentence } from "../shared/lab-element.js";
import { labStyles } from "../shared/lab-styles.js";
import { engine } from "./engine.js";
import { PoolingLabModel } from "./model.js";
import { poolingLabState } from "./state.js";
import { poolingLabStyles } from "./styles.js";
import { poolingLabView } from "./view.js";
import { changeWords, methodWords, outputWords } from "./words.js";

/**
 * @typedef {import("./state.js").PoolingLabState} PoolingLabState
 */

/**
 * The pooling lab: a picture pooled by several methods, one pooled value and its gradient
 * explained, what is lost, and what a shift of the picture changes. Attributes and events are those
 * of {@link LabElement}.
 *
 * @augments {LabElement<PoolingLabState, PoolingLabModel>}
 */
export class PoolingLabElement extends LabElement {
  static styles = [tokens, controls, popoverStyles, labStyles, poolingLabStyles];

  /** The selected pixel and the shift at the last announcement; before that, the initial ones. */
  #said = { place: "", shift: "" };

  /** @override */
  get kind() {
    return poolingLabState;
  }

  /**
   * @override
   * @param {PoolingLabState} state
   */
  createModel(state) {
    return new PoolingLabModel(engine, state);
  }

  /** @override */
  render() {
    return this.model && poolingLabView(this.model, this);
  }

  /**
   * Announces why there is no output, which pixel was picked, what a shift changed, or what the
   * output is.
   * @override
   * @param {PoolingLabModel} model
   */
  announcement(model) {
    const method = model.explained.value;
    const frame = model.outputs.value.get(method)?.answer;
    const [problem, inspection] = [model.problem.value, model.inspection.value];
    const moved = model.shifted.value.get(method)?.answer;
    const { position, shift, measure } = model.store.state.value;
    if (!frame || model.hovered.value) return null;
    const now = { place: String(position), shift: String(shift) };
    if (!this.#said.place) this.#said = now;
    return () => {
      const before = this.#said;
      this.#said = now;
      if (problem) return sentence(problem);
      if (now.shift !== before.shift && moved) {
        const change = changeWords(moved[measure].relative);
        return t("pooling.shift.spoken", { method: methodWords(method), change });
      }
      if (now.place === before.place || !inspection) return outputWords(method, frame);
      const { row, col, value } = inspection;
      return t("lab.pixel.spoken", { row, column: col, value: readable(value) });
    };
  }

  /** @override */
  leave() {
    this.model?.hover(null);
  }

  async savePng() {
    const { model } = this;
    const frame = model?.outputs.peek().get(model.explained.peek())?.answer;
    if (frame) downloadBlob(await encodePng(frame.map.picture), "cnn-playground-pooled.png");
  }

  async saveCsv() {
    const csv = await this.model?.csv();
    if (csv) downloadBlob(new Blob([csv], { type: "text/csv" }), "cnn-playground-pooled.csv");
  }
}
