import { engine } from "../engine/engine.js";
import { t } from "../i18n/index.js";
import "../i18n/pooling.js";
import { PoolingLabModel } from "../labs/pooling-lab.js";
import { encodePng } from "../pictures/load.js";
import { poolingLabState } from "../state/pooling-lab-state.js";
import { downloadBlob } from "./download.js";
import { LabElement, sentence } from "./lab-element.js";
import { labStyles } from "./lab-styles.js";
import { poolingLabStyles } from "./pooling-lab-styles.js";
import { poolingLabView } from "./pooling-lab-view.js";
import { changeWords, methodWords, outputWords } from "./pooling-lab-words.js";
import { readable } from "./readable-number.js";
import { controls, tokens } from "./shared-styles.js";

/**
 * @typedef {import("../state/pooling-lab-state.js").PoolingLabState} PoolingLabState
 */

/**
 * The pooling lab: a picture made smaller by several methods, one pooled value and its gradient
 * explained, what is lost, and what a shift of the picture changes. Attributes and events as of
 * every {@link LabElement}.
 *
 * @augments {LabElement<PoolingLabState, PoolingLabModel>}
 */
export class PoolingLabElement extends LabElement {
  static styles = [tokens, controls, labStyles, poolingLabStyles];

  /** The chosen pixel and the shift when something was said last; before that, the first ones. */
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
   * Why there is no output, which pixel was picked, what a shift changed, or what the output is.
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
    if (frame) downloadBlob(await encodePng(frame.map), "cnn-playground-pooled.png");
  }

  async saveCsv() {
    const csv = await this.model?.csv();
    if (csv) downloadBlob(new Blob([csv], { type: "text/csv" }), "cnn-playground-pooled.csv");
  }
}
