import { t } from "../../i18n/index.js";
import { controls, tokens } from "../../widgets/base/shared-styles.js";
import { LabElement, sentence } from "../shared/lab-element.js";
import { labStyles } from "../shared/lab-styles.js";
import { engine } from "./engine.js";
import { NetworksLabModel } from "./model.js";
import { className } from "./names.js";
import { networksLabState, TABS } from "./state.js";
import { networksLabStyles } from "./styles.js";
import { networksLabView } from "./view.js";
import { percent } from "./words.js";

/** @typedef {import("./state.js").NetworksLabState} NetworksLabState */

/**
 * The networks lab: a network trained on ImageNet, asked about a picture and taken apart; published
 * architectures side by side. Attributes and events are those of {@link LabElement}.
 *
 * @augments {LabElement<NetworksLabState, NetworksLabModel>}
 */
export class NetworksLabElement extends LabElement {
  static styles = [tokens, controls, labStyles, networksLabStyles];

  /** The class at the last announcement. */
  #said = -1;
  /** The tab that was last scrolled into the row. */
  #shownTab = "ask";

  /** @override */
  get kind() {
    return networksLabState;
  }

  /**
   * @override
   * @param {NetworksLabState} state
   */
  createModel(state) {
    return new NetworksLabModel(engine, state);
  }

  /** @override */
  render() {
    return this.model && networksLabView(this.model, this);
  }

  /**
   * Announces why there is no answer, or a new first class.
   * @override
   * @param {NetworksLabModel} model
   */
  announcement(model) {
    const [answer, problem] = [model.answer.value, model.problem.value];
    if (problem) return () => sentence(problem);
    if (!answer) return null;
    const [{ class: first, probability }] = answer.top;
    if (first === this.#said) return null;
    return () => {
      this.#said = first;
      return t("networks.spoken", { name: className(first), share: percent(probability) });
    };
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    super.updated(changed);
    const tab = this.model?.tab.peek();
    if (!tab || tab === this.#shownTab) return;
    this.#shownTab = tab;
    this.renderRoot
      .querySelector(`#tab-${tab}`)
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @override */
  leave() {
    this.model?.occlusion.stop();
    if (this.model?.tab.peek() === "inside") this.model.back();
  }

  /** The arrow keys, Home and End in the row of tabs. @param {KeyboardEvent} event */
  moveTab = (event) => {
    const model = this.model;
    if (!model) return;
    const at = TABS.indexOf(model.tab.peek());
    const next = {
      ArrowLeft: (at + TABS.length - 1) % TABS.length,
      ArrowRight: (at + 1) % TABS.length,
      Home: 0,
      End: TABS.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    model.set({ tab: TABS[next] });
    const tab = this.renderRoot.querySelector(`#tab-${TABS[next]}`);
    /** @type {HTMLElement | null} */ (tab)?.focus();
  };
}
