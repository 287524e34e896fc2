/**
 * What the receptive-field lab knows and does, without a page: its state, and what the engine says
 * of it.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { ArchitectureInfo, FieldRegions, NetworkDescription, NetworkSpec, ReceptiveFieldCore }
 *   from "./contract.js"
 * @import { ReceptiveFieldLabState, Spec } from "./state.js"
 */
import { batch, computed, signal } from "@preact/signals-core";
import { EngineError } from "../../engine/protocol.js";
import { LabModel } from "../shared/lab-model.js";
import { EffectiveFieldMeter } from "./effective-field.js";
import { multiplyAddsUpTo, usualNode } from "./field-path.js";
import { compact, EMPTY } from "./layer-edit.js";
import { questionOf } from "./questions.js";
import { readSpec, receptiveFieldLabState } from "./state.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @typedef {[number, number]} Pair  rows and columns
 * @typedef {{ name: string, spec: NetworkSpec, description: NetworkDescription }} Network  a spec
 *   that fits together, with what the engine says of it; `name` is that of the zoo, or "own"
 */

/** Multiply-adds beyond which the effective field is measured only when asked for: some seconds. */
const HEAVY = 8e9;

/** @augments {LabModel<ReceptiveFieldLabState, ReceptiveFieldCore>} */
export class ReceptiveFieldLabModel extends LabModel {
  /** @type {Signal<ArchitectureInfo[]>} */
  architectures = signal([]);
  /** @type {Signal<NetworkSpec | null>}  the network of the state, before its parts are checked */
  spec = signal(null);
  #name = "own";
  /** @type {Signal<Network | null>}  the last that could be described */
  network = signal(null);
  /** @type {Signal<FieldRegions | null>} */
  regions = signal(null);
  /** @type {Signal<Network[]>}  what the question compares */
  compared = signal([]);
  pytorch = signal("");
  /** The layer whose effective field is wanted although it takes long. */
  #patientFor = signal("");
  /** Layer that is pointed at. */
  hoveredNode = signal("");
  /** @type {Signal<Pair | null>}  place of the picture that is pointed at */
  hoveredPoint = signal(null);

  /** @type {Map<string, NetworkSpec>}  of the zoo, by name */
  #known = new Map();
  #turn = 0;

  /**
   * @param {EngineClient<ReceptiveFieldCore>} engine
   * @param {EngineClient<ReceptiveFieldCore>} slow  another engine, for what takes seconds
   * @param {ReceptiveFieldLabState} state  to begin with
   */
  constructor(engine, slow, state) {
    super(engine, receptiveFieldLabState, state);
    this.effective = new EffectiveFieldMeter(slow);
    /** The layer chosen. */
    this.chosenNode = computed(() => {
      const description = this.network.value?.description;
      const { node } = this.store.state.value;
      if (!description) return "";
      return has(description, node) ? node : usualNode(description);
    });
    /** The layer that is explained: the one pointed at, else the one chosen. */
    this.node = computed(() => {
      const description = this.network.value?.description;
      const hovered = this.hoveredNode.value;
      return description && has(description, hovered) ? hovered : this.chosenNode.value;
    });
    /** Whether the effective field takes so long that it waits to be asked for. */
    this.effectiveWaits = computed(() => {
      const [network, node] = [this.network.value, this.chosenNode.value];
      if (!network || this.#patientFor.value === `${network.name} ${node}`) return false;
      return multiplyAddsUpTo(network.description, node) > HEAVY;
    });
    /** The spec as JSON, short. */
    this.json = computed(() => (this.spec.value ? jsonOf(this.spec.value) : ""));
    /** Where its positions lie on the picture. */
    this.lattice = computed(() => this.latticeOf(this.node.value));
    /** The position that is explained, in the layer's map. */
    this.position = computed(() => {
      const point = this.hoveredPoint.value ?? this.store.state.value.point;
      return this.positionAt(this.node.value, point);
    });
  }

  /** @override */
  get shown() {
    const { architectures, spec, network, regions, compared, pytorch, node, position } = this;
    const { hoveredNode, effective, effectiveWaits } = this;
    return [
      ...super.shown,
      architectures,
      spec,
      network,
      regions,
      compared,
      pytorch,
      node,
      position,
      hoveredNode,
      effective.field,
      effective.problem,
      effective.busy,
      effective.progress,
      effectiveWaits,
    ];
  }

  /** @override */
  effects() {
    const netText = computed(() => {
      const { net, size } = this.store.state.value;
      return JSON.stringify({ net, size });
    });
    const question = computed(() => this.store.state.value.question);
    const effectiveOptions = computed(() => {
      const { gradient, point } = this.store.state.value;
      const node = this.chosenNode.value;
      const position = this.positionAt(node, point);
      return JSON.stringify({ ...gradient, node, position, theme: this.theme.value });
    });
    return [
      () => void this.#showSpec(JSON.parse(netText.value)),
      () => {
        const spec = this.spec.value;
        if (spec && spec.layers.length > 0) this.#describe(spec);
        else if (spec) this.#showEmpty();
      },
      () => {
        const [network, node, [row, col]] = [
          this.network.value,
          this.node.value,
          this.position.value,
        ];
        void this.again.value;
        if (!network || !node) return;
        const { spec } = network;
        void this.requestInto(this.regions, "regions", () =>
          this.core.regions(spec, node, [row, col]),
        );
      },
      () => {
        const network = this.network.value;
        void this.again.value;
        if (!network) return;
        void this.requestInto(this.pytorch, "pytorch", () => this.core.pytorch(network.spec));
      },
      () => void this.#compare(question.value),
      () => {
        const [picture, network] = [this.picture.value, this.network.value];
        const options = JSON.parse(effectiveOptions.value);
        if (!this.effective.wanted.value || !picture || !network) return;
        if (this.effectiveWaits.value) this.effective.forget();
        else void this.effective.measure(picture, network.spec, options);
      },
      () => {
        if (this.network.value || this.problem.value) void this.#loadChoices();
      },
    ];
  }

  /** @param {string} node */
  latticeOf(node) {
    const description = this.network.value?.description;
    const index = description?.nodes.findIndex(({ id }) => id === node) ?? -1;
    return description?.lattices[index] ?? null;
  }

  /**
   * The position of a layer's map whose square holds a place of the picture, or the nearest one.
   * @param {string} node
   * @param {readonly [number, number] | null} point  null for the middle of the picture
   * @returns {Pair}
   */
  positionAt(node, point) {
    const described = this.network.value?.description.nodes;
    const shape = described?.find(({ id }) => id === node)?.shape ?? [];
    const lattice = this.latticeOf(node);
    if (!described || !lattice || shape.length !== 3) return [0, 0];
    const [, height, width] = described[0].shape;
    const place = point ?? [(height ?? 0) / 2, (width ?? 0) / 2];
    const at = (/** @type {0 | 1} */ axis) => {
      const index = Math.floor((place[axis] - lattice.origin[axis]) / lattice.step[axis]);
      return Math.max(0, Math.min((shape[axis + 1] ?? 1) - 1, index));
    };
    return [at(0), at(1)];
  }

  /** @param {string} name  of the zoo */
  chooseNetwork(name) {
    this.#replace({ kind: "zoo", name });
  }

  /** A network without layers, to build one. */
  startEmpty() {
    const { input } = this.spec.peek() ?? EMPTY;
    const empty = { ...EMPTY, input };
    this.#replace({ kind: "own", spec: /** @type {Spec} */ (/** @type {unknown} */ (empty)) });
  }

  /**
   * @param {string} text  a spec as JSON
   * @returns {Promise<Problem | null>}  why it was refused
   */
  paste(text) {
    return this.enqueue(async () => {
      const read = readSpec(text);
      if ("problem" in read) throw new EngineError({ message: "spec", ...read.problem });
      // The core's numbers for the layers count, so it is asked before anything is replaced.
      if (read.spec.layers.length > 0) await this.core.describe(read.spec);
      this.#replace({ kind: "own", spec: read.spec });
    });
  }

  /** @param {string | null} name */
  ask(name) {
    const question = questionOf(name);
    const state = this.store.state.peek();
    if (!question) return this.set({ ...state, question: null });
    const { network, size = null, node, point = null } = question;
    const net = { kind: /** @type {const} */ ("zoo"), name: network };
    this.set({ ...state, net, size, node, point, question: question.name });
  }

  /** @param {string} id */
  select(id) {
    this.hoveredNode.value = "";
    this.set({ node: id });
  }

  /** @param {string} id  "" when the pointer has left */
  hover(id) {
    this.hoveredNode.value = id;
  }

  /**
   * Looks at a position of the layer's map.
   * @param {Pair} position
   * @param {boolean} isLasting  false while the pointer is only over it
   */
  look(position, isLasting) {
    const lattice = this.lattice.peek();
    if (!lattice) return;
    const { origin, step } = lattice;
    const point = /** @type {Pair} */ ([
      origin[0] + step[0] * (position[0] + 0.5),
      origin[1] + step[1] * (position[1] + 0.5),
    ]);
    batch(() => {
      this.hoveredPoint.value = isLasting ? null : point;
      if (isLasting) this.set({ point }, "point");
    });
  }

  leave() {
    this.hoveredPoint.value = null;
  }

  /** @param {Pair | null} size  null for the network's own */
  resize(size) {
    this.set({ size }, "size");
  }

  /**
   * @param {"csv" | "markdown"} format
   * @returns {Promise<string | null>}
   */
  async tableText(format) {
    const network = this.network.peek();
    return network && this.core.table(network.spec, format);
  }

  /** Has the effective field of the chosen layer measured although it takes long. */
  askEffective() {
    this.#patientFor.value = `${this.network.peek()?.name} ${this.chosenNode.peek()}`;
  }

  /** @override */
  stop() {
    super.stop();
    this.effective.forget();
  }

  /** @param {ReceptiveFieldLabState["net"]} net */
  #replace(net) {
    this.hoveredNode.value = "";
    this.set({ net, size: null, node: "", question: null });
  }

  /** @param {{ net: ReceptiveFieldLabState["net"], size: Pair | null }} wanted */
  async #showSpec({ net, size }) {
    const turn = ++this.#turn;
    try {
      const spec = net.kind === "zoo" ? await this.#architecture(net.name) : net.spec;
      if (turn !== this.#turn) return;
      const [height, width] = size ?? [spec.input.height ?? 224, spec.input.width ?? 224];
      this.#name = net.kind === "zoo" ? net.name : "own";
      this.spec.value = { ...spec, input: { ...spec.input, height, width } };
    } catch (error) {
      const { code, details } = /** @type {EngineError} */ (error);
      if (turn === this.#turn) this.problem.value = { code, details, message: String(error) };
    }
  }

  /** @param {string} name */
  async #architecture(name) {
    const spec = this.#known.get(name) ?? (await this.core.architecture(name));
    this.#known.set(name, spec);
    return spec;
  }

  /** @param {NetworkSpec} spec */
  #describe(spec) {
    const name = this.#name;
    this.requestPrimary(
      () => this.core.describe(spec),
      (description) => {
        this.network.value = { name, spec, description };
      },
    );
  }

  #showEmpty() {
    batch(() => {
      this.network.value = null;
      this.regions.value = null;
      this.problem.value = null;
    });
  }

  /** @param {string | null} name */
  async #compare(name) {
    const question = questionOf(name);
    this.compared.value = [];
    if (!question) return;
    try {
      const specs = await question.specs((network) => this.#architecture(network));
      const compared = await Promise.all(
        specs.map(async (spec) => ({
          name: question.network,
          spec,
          description: await this.core.describe(spec),
        })),
      );
      if (this.store.state.peek().question === name) this.compared.value = compared;
    } catch {
      // The network itself is the main answer's to tell of.
    }
  }

  async #loadChoices() {
    if (this.architectures.peek().length > 0) return;
    try {
      this.architectures.value = await this.core.architectures();
    } catch {
      // The next answer asks again.
    }
    void this.pictures.loadPatterns();
  }
}

/**
 * A line for each layer.
 * @param {NetworkSpec} spec
 */
function jsonOf(spec) {
  const { input, layers } = compact(spec);
  const lines = layers.map((layer) => `    ${JSON.stringify(layer)}`);
  return `{\n  "input": ${JSON.stringify(input)},\n  "layers": [\n${lines.join(",\n")}\n  ]\n}`;
}

/**
 * @param {NetworkDescription} description
 * @param {string} id
 */
function has({ nodes }, id) {
  return nodes.some((node) => node.id === id);
}
