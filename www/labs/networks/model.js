/**
 * What the networks lab knows and does, without a page: its state, the weights, and what the engine says.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Architecture, ChannelsOff, Explanation, FieldOnInput, LegendedPicture, MapSheet, MapView,
 *   NetworkAnswer, NetworksCore, Picture, PictureChange, ShownLayer } from "./contract.js"
 * @import { NetworksLabState } from "./state.js"
 */
import { computed, signal } from "@preact/signals-core";
import { asset } from "../../engine/assets.js";
import { loadPhoto } from "../../pictures/load.js";
import { LabModel } from "../shared/lab-model.js";
import { loadNames, names } from "./names.js";
import { Occlusion } from "./occlusion.js";
import { NEEDS_WEIGHTS, networksLabState, SIDE } from "./state.js";
import { WeightsSource } from "./weights.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @typedef {Uint8Array<ArrayBuffer>} Weights
 * @typedef {{ weights: Weights, picture: Picture }} Question  what a call to the network takes
 */

/** The changes of the picture, in display order. */
export const CHANGES = /** @type {const} */ ([
  "shifted",
  "mirrored",
  "blurred",
  "darkened",
  "grey",
]);

/** Photographs that are asked about beside the chosen picture. */
export const OTHERS = /** @type {const} */ (["coffee", "rocket", "astronaut"]);

/** Side of the patch that is moved by hand, in pixels. */
export const COVER = 48;

/** @augments {LabModel<NetworksLabState, NetworksCore>} */
export class NetworksLabModel extends LabModel {
  /** @type {Signal<NetworkAnswer | null>}  for the picture as it is */
  answer = signal(null);
  /** @type {Signal<Partial<Record<string, NetworkAnswer>>>}  by the change */
  changed = signal({});
  /** @type {Signal<Partial<Record<string, NetworkAnswer>>>}  by the photograph */
  others = signal({});
  /** @type {Signal<NetworkAnswer | null>}  with the patch by hand */
  covered = signal(null);
  /** @type {Signal<ShownLayer[]>} */
  layers = signal([]);
  /** @type {Signal<{ id: string, map: LegendedPicture }[]>} */
  strip = signal([]);
  /** @type {Signal<{ layer: string, sheet: MapSheet } | null>} */
  sheet = signal(null);
  /** @type {Signal<{ layer: string, number: number, view: MapView } | null>} */
  map = signal(null);
  /** @type {Signal<FieldOnInput | null>}  of the chosen unit */
  field = signal(null);
  /** @type {Signal<Explanation | null>} */
  gradCam = signal(null);
  /** @type {Signal<Explanation | null>} */
  gradient = signal(null);
  /** @type {Signal<ChannelsOff | null>} */
  channels = signal(null);
  /** @type {Signal<Float32Array | null>}  probabilities without the channel switched off by hand */
  without = signal(null);
  /** @type {Signal<Architecture[]>} */
  architectures = signal([]);

  #othersAsked = false;

  /**
   * @param {EngineClient<NetworksCore>} engine
   * @param {NetworksLabState} state  to begin with
   */
  constructor(engine, state) {
    super(engine, networksLabState, state);
    this.occlusion = new Occlusion(engine.core);
    this.weights = new WeightsSource((bytes) => this.core.weightsReport(bytes));
    /** What the network is asked; null while it has no weights or nothing to look at. */
    this.question = computed(() => {
      const [weights, picture] = [this.weights.bytes.value, this.picture.value];
      return weights && picture ? { weights, picture } : null;
    });
    this.tab = computed(() => this.store.state.value.tab);
    /** The layer that is looked into; one that there is not becomes the first. */
    this.layer = computed(() => {
      const { layer } = this.store.state.value;
      const known = this.layers.value;
      return known.find(({ id }) => id === layer) ?? known[0] ?? null;
    });
    this.order = computed(() => this.store.state.value.order);
    /** The number of the map that is looked at; the first one shown unless another is chosen. */
    this.mapNumber = computed(() => {
      const { map } = this.store.state.value;
      const layer = this.layer.value;
      const shown = this.sheet.value?.layer === layer?.id ? this.sheet.value : null;
      if (!layer) return null;
      if (map !== null && map < layer.channels) return map;
      return shown ? shown.sheet.order[0] : null;
    });
    /** The position that is looked at: the strongest one unless another is chosen. */
    this.unit = computed(() => {
      const { unit } = this.store.state.value;
      const layer = this.layer.value;
      if (!layer) return null;
      if (unit) return unit.map((at) => Math.min(at, layer.side - 1));
      const shown = this.map.value?.layer === layer.id ? this.map.value : null;
      return shown?.view.strongest[0]?.position ?? [0, 0];
    });
    this.cover = computed(() => JSON.stringify(this.store.state.value.cover));
    this.patch = computed(() => this.store.state.value.patch);
    this.channel = computed(() => this.store.state.value.channel);
    /** The class that is asked about: one of the answer's five. */
    this.class = computed(() => {
      const { rank } = this.store.state.value;
      return this.answer.value?.top[rank]?.class ?? null;
    });
  }

  /** @override */
  get shown() {
    const { answer, changed, others, covered, layers, strip, sheet, map, field } = this;
    const { gradCam, gradient, channels, without, architectures, weights, occlusion } = this;
    return [
      ...super.shown,
      answer,
      changed,
      others,
      covered,
      layers,
      strip,
      sheet,
      map,
      field,
      gradCam,
      gradient,
      channels,
      without,
      architectures,
      weights.status,
      weights.bytes,
      occlusion.map,
      occlusion.progress,
      occlusion.problem,
      names,
    ];
  }

  /** @override */
  effects() {
    return [
      () => void this.weights.restore(),
      () => {
        if (this.weights.bytes.value) void loadNames();
      },
      () => this.#ask(),
      () => this.#askChanges(),
      () => this.#askCovered(),
      () => this.#askOthers(),
      () => this.#askLayers(),
      () =>
        this.#look("inside", "strip", this.strip, ({ weights, picture }) =>
          this.core.strip(weights, picture, this.theme.value),
        ),
      () => this.#askSheet(),
      () => this.#askMap(),
      () => this.#askField(),
      () =>
        this.#explain("grad-cam", this.gradCam, ({ weights, picture }, index) =>
          this.core.gradCam(weights, picture, index, this.theme.value),
        ),
      () =>
        this.#explain("gradient", this.gradient, ({ weights, picture }, index) =>
          this.core.gradient(weights, picture, index, this.theme.value),
        ),
      () =>
        this.#explain("channels", this.channels, ({ weights, picture }, index) =>
          this.core.channelsOff(weights, picture, index),
        ),
      () => {
        const channel = this.channel.value;
        this.#look("why", "without", this.without, ({ weights, picture }) =>
          this.core.withoutChannel(weights, picture, channel),
        );
      },
      () => this.#askOcclusion(),
      () => this.#askArchitectures(),
    ];
  }

  /** @override */
  stop() {
    super.stop();
    this.occlusion.stop();
    if (this.weights.status.peek().kind === "loading") this.weights.cancel();
  }

  /** Shows another layer with its first map. @param {string} layer */
  chooseLayer(layer) {
    this.set({ layer, map: null, unit: null });
  }

  /** Shows the layer of a neighbouring block that does the same or the nearest to it. @param {number} by */
  moveBlock(by) {
    const strip = this.strip.peek();
    const block = this.layer.peek()?.block;
    const layers = this.layers.peek();
    const at = strip.findIndex(({ id }) => layers.find((one) => one.id === id)?.block === block);
    const next = strip[Math.max(0, Math.min(strip.length - 1, at + by))];
    if (next) this.chooseLayer(next.id);
  }

  /** @param {number} map */
  chooseMap(map) {
    this.set({ map, unit: null }, "map");
  }

  /** @param {[number, number]} unit */
  chooseUnit(unit) {
    this.set({ unit }, "unit");
  }

  /** Goes back from the unit to the map, from the map to the first one. @returns {boolean} whether it did */
  back() {
    const { unit, map } = this.store.state.peek();
    if (unit) this.set({ unit: null });
    else if (map !== null) this.set({ map: null });
    else return false;
    return true;
  }

  /** @param {[number, number]} cover */
  moveCover(cover) {
    const most = SIDE - COVER;
    const [row, column] = cover.map((at) => Math.max(0, Math.min(most, Math.round(at))));
    this.set({ cover: [row, column] }, "cover");
  }

  #ask() {
    const question = this.question.value;
    if (!question || !NEEDS_WEIGHTS.includes(this.tab.value)) return;
    const { weights, picture } = question;
    this.requestPrimary(
      () => this.core.answer(weights, picture, { kind: "none" }),
      (answer) => {
        this.answer.value = answer;
      },
    );
  }

  #askChanges() {
    const question = this.#wanted("ask");
    if (!question) return;
    for (const kind of CHANGES) this.#askInto(kind, this.changed, question, { kind });
  }

  #askCovered() {
    const question = this.#wanted("ask");
    const [row, column] = JSON.parse(this.cover.value);
    if (!question) return;
    const { weights, picture } = question;
    void this.requestInto(this.covered, "covered", () =>
      this.core.answer(weights, picture, { kind: "covered", row, column, size: COVER }),
    );
  }

  async #askOthers() {
    const weights = this.weights.bytes.value;
    if (!weights || this.tab.value !== "ask" || this.#othersAsked) return;
    this.#othersAsked = true;
    for (const name of OTHERS) {
      const picture = await loadPhoto(name).then(asset, () => null);
      if (!picture) continue;
      await this.#askInto(name, this.others, { weights, picture }, { kind: "none" });
    }
    this.#othersAsked = OTHERS.every((name) => this.others.peek()[name]);
  }

  /**
   * @param {string} name
   * @param {Signal<Partial<Record<string, NetworkAnswer>>>} target
   * @param {Question} question
   * @param {PictureChange} change
   */
  async #askInto(name, target, { weights, picture }, change) {
    /** @type {Signal<NetworkAnswer | null>} */
    const found = signal(null);
    await this.requestInto(found, `answer ${name}`, () =>
      this.core.answer(weights, picture, change),
    );
    if (found.value) target.value = { ...target.peek(), [name]: found.value };
  }

  async #askLayers() {
    void this.again.value;
    if (this.layers.peek().length > 0) return;
    await this.requestInto(this.layers, "layers", () => this.core.networkLayers());
  }

  #askSheet() {
    const [question, layer] = [this.#wanted("inside"), this.layer.value];
    const [order, theme] = [this.order.value, this.theme.value];
    if (!question || !layer) return;
    const { weights, picture } = question;
    void this.requestInto(this.sheet, "sheet", async () => ({
      layer: layer.id,
      sheet: await this.core.sheet(weights, picture, layer.id, order, theme),
    }));
  }

  #askMap() {
    const [question, layer] = [this.#wanted("inside"), this.layer.value];
    const [map, theme] = [this.mapNumber.value, this.theme.value];
    if (!question || !layer || map === null) return;
    const { weights, picture } = question;
    void this.requestInto(this.map, "map", async () => ({
      layer: layer.id,
      number: map,
      view: await this.core.map(weights, picture, layer.id, map, theme),
    }));
  }

  #askField() {
    const [layer, unit] = [this.layer.value, this.unit.value];
    if (!layer || !unit || this.tab.value !== "inside") return;
    const [row, column] = unit;
    void this.requestInto(this.field, "field", () =>
      this.core.fieldOnInput(layer.id, [row, column]),
    );
  }

  #askOcclusion() {
    const [question, index] = [this.#wanted("why"), this.class.value];
    const [size, theme] = [this.patch.value, this.theme.value];
    if (!question || index === null) return this.occlusion.stop();
    void this.occlusion.measure(question, { index, size, theme });
  }

  async #askArchitectures() {
    void this.again.value;
    if (this.tab.value !== "architectures" || this.architectures.peek().length > 0) return;
    // The main answer of this tab.
    this.requestPrimary(
      () => this.core.comparedArchitectures(),
      (architectures) => {
        this.architectures.value = architectures;
      },
    );
  }

  /**
   * Asks for what a tab shows beside the answer.
   * @template T
   * @param {string} tab
   * @param {string} lane
   * @param {Signal<T>} target
   * @param {(question: Question) => Promise<NonNullable<T>>} ask
   */
  #look(tab, lane, target, ask) {
    const question = this.#wanted(tab);
    void this.theme.value;
    if (question)
      void this.requestInto(/** @type {Signal<any>} */ (target), lane, () => ask(question));
  }

  /**
   * Asks what counted for the chosen class.
   * @template T
   * @param {string} lane
   * @param {Signal<T>} target
   * @param {(question: Question, index: number) => Promise<NonNullable<T>>} ask
   */
  #explain(lane, target, ask) {
    const index = this.class.value;
    if (index !== null) this.#look("why", lane, target, (question) => ask(question, index));
  }

  /** The question, while the tab is shown. @param {string} tab */
  #wanted(tab) {
    void this.again.value;
    return this.tab.value === tab ? this.question.value : null;
  }
}
