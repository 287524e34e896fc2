import { t } from "../../i18n/index.js";
import { LINK_LIMIT, writeLink } from "../../state/permalink.js";
import { popoverStyles } from "../../widgets/base/anchored-popover.js";
import { controls, tokens } from "../../widgets/base/shared-styles.js";
import { LabElement, sentence } from "../shared/lab-element.js";
import { labStyles } from "../shared/lab-styles.js";
import { engine, slowEngine } from "./engine.js";
import { ReceptiveFieldLabModel } from "./model.js";
import { receptiveFieldLabState } from "./state.js";
import { receptiveFieldLabStyles } from "./styles.js";
import { receptiveFieldLabView } from "./view.js";
import { layerWords, sizeWords } from "./words.js";

/** @import { editorView } from "./editor-view.js" */
/** @typedef {import("./state.js").ReceptiveFieldLabState} ReceptiveFieldLabState */

/** Slices in which the cards of another network are shown. */
const SLICES = 2;

/**
 * The receptive-field lab: a network as a graph, and what one position of one of its maps sees of a
 * picture. Attributes and events are those of {@link LabElement}.
 *
 * @augments {LabElement<ReceptiveFieldLabState, ReceptiveFieldLabModel>}
 */
export class ReceptiveFieldLabElement extends LabElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    view: { state: true },
    named: { state: true },
    axis: { state: true },
    panel: { state: true },
    editor: { state: true },
    specProblem: { state: true },
  };

  static styles = [tokens, controls, popoverStyles, labStyles, receptiveFieldLabStyles];

  #saidNode = "";
  /** The effective field is measured once its card comes into view. */
  #sight = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting) || !this.model) return;
    this.model.effective.wanted.value = true;
    this.#sight.disconnect();
  });

  constructor() {
    super();
    /** View of the picture; null shows everything. @type {{ zoom: number, row: number, col: number } | null} */
    this.view = null;
    /** A layer of the growth list whose region is highlighted. */
    this.named = "";
    /** The axis along which the growth is shown. @type {0 | 1} */
    this.axis = 0;
    /** How the network is shown. @type {"graph" | "edit"} */
    this.panel = "graph";
    /** What shows the editor, once it is loaded. @type {typeof editorView | null} */
    this.editor = null;
    /** @type {{ text: string, message: string } | null} */
    this.specProblem = null;
  }

  /** The network of which some cards are shown, and how many slices of them. */
  #sliced = { network: /** @type {object | null} */ (null), slices: 0 };

  /**
   * How many slices of a network's cards below the first screen are to be brought up to date: one
   * more per rendering, because all at once would keep the page from answering.
   * @param {object | null} network
   */
  sliceOf(network) {
    if (network === this.#sliced.network) return this.#sliced.slices;
    // The first network shows all at once: nobody waits for an answer yet.
    const isFirst = this.#sliced.network === null;
    this.#sliced = { network, slices: isFirst ? SLICES : 0 };
    return this.#sliced.slices;
  }

  #nextSlice() {
    if (this.#sliced.slices >= SLICES) return;
    setTimeout(() => {
      this.#sliced.slices++;
      this.requestUpdate();
    });
  }

  /** @override */
  get kind() {
    return receptiveFieldLabState;
  }

  /**
   * @override
   * @param {ReceptiveFieldLabState} state
   */
  createModel(state) {
    return new ReceptiveFieldLabModel(engine, slowEngine, state);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sight.disconnect();
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    super.updated(changed);
    this.#nextSlice();
    const card = this.renderRoot.querySelector(".effective");
    if (card && !this.model?.effective.wanted.peek()) this.#sight.observe(card);
  }

  /** @override */
  render() {
    return this.model && receptiveFieldLabView(this.model, this);
  }

  /**
   * Announces why the network is invalid, or what the selected layer sees.
   * @override
   * @param {ReceptiveFieldLabModel} model
   */
  announcement(model) {
    const [network, problem, node] = [model.network.value, model.problem.value, model.node.value];
    if (model.hoveredNode.value || model.hoveredPoint.value) return null;
    return () => {
      if (problem) return sentence(problem);
      const described = network?.description.nodes.find(({ id }) => id === node);
      if (!described || node === this.#saidNode) return this.status;
      this.#saidNode = node;
      return t("receptive.spoken", {
        layer: layerWords(node),
        size: sizeWords(described.receptiveField),
      });
    };
  }

  /** @override */
  reset() {
    this.view = null;
    this.panel = "graph";
    super.reset();
  }

  /** @override */
  async copyLink() {
    const { length } = writeLink(this.kind, this.state);
    if (length > LINK_LIMIT) {
      return this.refuse({ code: "link_too_long", details: { length, limit: LINK_LIMIT } });
    }
    await super.copyLink();
  }

  /** @param {{ zoom: number, row: number, col: number }} view */
  look(view) {
    this.view = view.zoom > 1 ? view : null;
  }

  /** @param {string} text */
  async pasteSpec(text) {
    const problem = await this.model?.paste(text);
    this.specProblem = problem ? { text, message: this.words(() => sentence(problem)) } : null;
    return !problem;
  }

  /** @param {"graph" | "edit"} panel */
  async show(panel) {
    this.panel = panel;
    if (panel === "edit") this.editor ??= (await import("./editor-view.js")).editorView;
  }

  /** @param {"csv" | "markdown"} format */
  async copyTable(format) {
    const text = await this.model?.tableText(format);
    if (text) await this.copy(text, format);
  }
}
