/**
 * What the channels lab knows and does, without a page: its state, and what the engine says of it.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { Apart, ChannelsCore, Groups, Inspection, KernelEdit, KernelFormat, LegendedPicture, Output,
 *   Picture, Planes, Preset, Spec } from "./contract.js"
 * @import { Answer } from "./questions.js"
 * @import { ChannelsLabState } from "./state.js"
 */
import { batch, computed, signal } from "@preact/signals-core";
import { LabModel } from "../shared/lab-model.js";
import { steady } from "../shared/steady.js";
import { blank, evenedOut, withKernels, withSide } from "./filters.js";
import { ask, setup } from "./questions.js";
import { CHANNELS, channelsLabState, LIMITS } from "./state.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @typedef {[number, number]} Position  [row, column] of an output pixel
 * @typedef {{ row: number, col: number, value: number }} Cell
 * @typedef {import("./filters.js").AnyFilter} AnyFilter
 * @typedef {{ filters: readonly AnyFilter[], looks: Picture[], maps: Picture[] }} Trained
 */

/** A change of a weight by wheel or key: coarse and fine. */
const STEP = { coarse: 1, fine: 0.1 };

/** @augments {LabModel<ChannelsLabState, ChannelsCore>} */
export class ChannelsLabModel extends LabModel {
  /** @type {Signal<Planes | null>} */
  planes = signal(null);
  /** @type {Signal<Output | null>}  of the chosen filter */
  output = signal(null);
  /** @type {Signal<LegendedPicture[]>}  one map per filter */
  stack = signal([]);
  /** @type {Signal<LegendedPicture | null>}  three maps as red, green and blue */
  composite = signal(null);
  /** @type {Signal<Inspection | null>}  at {@link shownPosition} */
  inspection = signal(null);
  /** @type {Signal<Apart | null>} */
  apart = signal(null);
  /** @type {Signal<Groups | null>} */
  groups = signal(null);
  /** @type {Signal<Preset[]>} */
  presets = signal([]);
  /** @type {Signal<Picture[]>}  what each preset does to the picture */
  thumbnails = signal([]);
  /** @type {Signal<Trained | null>}  filters of a trained network, once asked for */
  trained = signal(null);
  /** @type {Signal<Answer | null>}  to the state's question */
  answer = signal(null);
  pytorch = signal("");
  /** @type {Signal<Position | null>}  output pixel under the pointer */
  hovered = signal(null);
  /** @type {Signal<number | null>}  the scrubber's multiplication, channel by channel */
  tap = signal(null);
  /** True while the output is uncovered pixel by pixel. */
  sliding = signal(false);
  /** @type {Signal<{ value: number, symmetry: string }>} */
  brush = signal({ value: 1, symmetry: "none" });
  /** The channel whose kernel was painted last: that of the tools. */
  channel = signal(0);

  #presetsAsked = false;
  /**
   * The maps shown, by filter and options.
   * @type {{ picture: Picture | null, byKey: Map<string, LegendedPicture> }}
   */
  #maps = { picture: null, byKey: new Map() };
  /** Times that maps were asked for, and the latest of them that is shown. */
  #asked = 0;
  #taken = 0;
  #isAskedForTrained = signal(false);

  /**
   * @param {EngineClient<ChannelsCore>} engine
   * @param {ChannelsLabState} state  to begin with
   */
  constructor(engine, state) {
    super(engine, channelsLabState, state);
    /** @type {import("@preact/signals-core").ReadonlySignal<Spec>} */
    this.spec = steady(() => specOf(this.store.state.value, this.theme.value));
    /** The index of the filter that is taken apart. */
    this.chosen = computed(() => {
      const { chosen, filters } = this.store.state.value;
      return Math.min(chosen, filters.length - 1);
    });
    /** The output pixel that is explained: the one under the pointer, else the one chosen. */
    this.shownPosition = steady(() =>
      clamped(this.hovered.value ?? this.store.state.value.position, this.output.value),
    );
    /** How the layer in groups is made. */
    this.groupsSpec = steady(() => {
      const { source, groups, pointwise, seed, filters } = this.store.state.value;
      const inputs = source === "planes" ? CHANNELS.length : filters.length;
      return { source, groups: divisor(inputs, groups), pointwise, seed };
    });
  }

  /** @override */
  get shown() {
    const { planes, output, stack, composite, inspection, apart, groups, presets } = this;
    const { thumbnails, trained, answer, pytorch, hovered, tap, sliding, brush, channel } = this;
    return [
      ...super.shown,
      planes,
      output,
      stack,
      composite,
      inspection,
      apart,
      groups,
      presets,
      thumbnails,
      trained,
      answer,
      pytorch,
      hovered,
      tap,
      sliding,
      brush,
      channel,
    ];
  }

  /** @override */
  effects() {
    return [
      () => {
        const [picture, spec] = [this.picture.value, this.spec.value];
        const chosen = this.chosen.value;
        if (!picture) return;
        this.requestPrimary(
          () => this.core.output(picture, spec, chosen),
          (output) => {
            this.output.value = output;
          },
        );
      },
      () => {
        const picture = this.picture.value;
        const [{ planes }, theme] = [this.store.state.value, this.theme.value];
        void this.again.value;
        if (!picture) return;
        void this.requestInto(this.planes, "planes", () =>
          this.core.planes(picture, planes, theme),
        );
      },
      () => this.#showStack(),
      () => this.#explain(),
      () => {
        const [picture, spec, settings] = [
          this.picture.value,
          this.spec.value,
          this.groupsSpec.value,
        ];
        void this.again.value;
        if (!picture || this.store.state.value.tab !== "groups") return;
        void this.requestInto(this.groups, "groups", () =>
          this.core.groups(picture, spec, settings),
        );
      },
      () => this.#answer(),
      () => {
        const [picture, presets] = [this.picture.value, this.presets.value];
        const theme = this.theme.value;
        void this.again.value;
        if (!picture || presets.length === 0) return;
        const filters = presets.map((preset) => preset.filters);
        void this.requestInto(this.thumbnails, "thumbnails", () =>
          this.core.thumbnails(picture, filters, theme),
        );
      },
      () => this.#showTrained(),
      () => {
        // The first output comes before all that can be chosen.
        if (!this.output.value && !this.problem.value) return;
        void this.#loadPresets();
        void this.pictures.loadPatterns();
      },
    ];
  }

  /**
   * Paints cells of a channel's kernel, or of all three.
   * @param {number} channel
   * @param {Cell[]} cells
   * @param {string | number} stroke  strokes are undone as a whole
   */
  paint(channel, cells, stroke) {
    this.channel.value = channel;
    this.#change(
      channel,
      (_, kernel) => {
        for (const { row, col, value } of cells) {
          if (row in kernel && col in kernel[row]) kernel[row][col] = bounded(value);
        }
        return kernel;
      },
      `stroke ${stroke}`,
    );
  }

  /**
   * @param {number} channel
   * @param {{ row: number, col: number, steps: number, fine: boolean }} step
   */
  step(channel, { row, col, steps, fine }) {
    this.#change(
      channel,
      (_, kernel) => {
        const value = kernel[row][col] + steps * (fine ? STEP.fine : STEP.coarse);
        // Ten steps of 0.1 make 1, not 0.9999999999999999.
        kernel[row][col] = bounded(Math.round(value * 1e9) / 1e9);
        return kernel;
      },
      `step ${channel} ${row} ${col}`,
    );
  }

  /**
   * @param {number} channel
   * @param {{ row: number, col: number, text: string }} typed  a number or a fraction
   * @returns {Promise<Problem | null>}  why the text was refused
   */
  type(channel, { row, col, text }) {
    return this.enqueue(async () => {
      const value = await this.core.parseNumber(text);
      this.#change(channel, (_, kernel) => {
        kernel[row][col] = value;
        return kernel;
      });
    });
  }

  /**
   * Edits the kernel painted last, or all three.
   * @param {KernelEdit} edit
   * @returns {Promise<Problem | null>}
   */
  edit(edit) {
    return this.enqueue(async () => {
      const { filters } = this.store.state.peek();
      const { kernels } = filters[this.chosen.peek()];
      const edited = await Promise.all(
        kernels.map((kernel, channel) =>
          this.isPainted(channel) ? this.core.editKernel(kernel, edit) : kernel,
        ),
      );
      this.#change(this.channel.peek(), (channel) => edited[channel]);
    });
  }

  /**
   * Takes weights of all filters, of one filter, or of one kernel.
   * @param {string} text  as PyTorch or other programs write it
   * @returns {Promise<Problem | null>}
   */
  paste(text) {
    return this.enqueue(async () => {
      if (isLayer(text)) {
        const filters = await this.core.parseWeights(text);
        // One filter takes the place of the one shown.
        this.#take(filters, axes(text) === 3);
      } else {
        const kernel = await this.core.parseKernel(text);
        this.#change(this.channel.peek(), () => kernel);
      }
    });
  }

  /** The kernel painted last as text. @param {KernelFormat} format */
  kernelText(format) {
    const { filters } = this.store.state.peek();
    return this.core.formatKernel(filters[this.chosen.peek()].kernels[this.channel.peek()], format);
  }

  /** All weights as PyTorch code. */
  weightsText() {
    return this.core.formatWeights(this.store.state.peek().filters);
  }

  /** @param {number} side  of all kernels */
  resize(side) {
    this.set({ filters: withSide(this.store.state.peek().filters, side) });
  }

  /** @param {number} bias  of the chosen filter */
  setBias(bias) {
    const { filters } = this.store.state.peek();
    const chosen = this.chosen.peek();
    const filter = { ...filters[chosen], bias };
    this.set({ filters: filters.with(chosen, filter) }, `bias ${chosen}`);
  }

  /** @param {number} index */
  choose(index) {
    if (index < this.store.state.peek().filters.length) this.set({ chosen: index }, "chosen");
  }

  /** Adds a filter: zeros to paint on, or a copy of the chosen one. @param {"blank" | "copy"} kind */
  add(kind) {
    const { filters } = this.store.state.peek();
    if (filters.length >= LIMITS.filters) return;
    const added =
      kind === "copy" ? filters[this.chosen.peek()] : blank(filters[0].kernels[0].length);
    this.set({ filters: [...filters, added], chosen: filters.length });
  }

  /** Removes the chosen filter; the last one stays. */
  remove() {
    const { filters, composite } = this.store.state.peek();
    if (filters.length === 1) return;
    const chosen = this.chosen.peek();
    const rest = filters.filter((_, index) => index !== chosen);
    const last = rest.length - 1;
    this.set({
      filters: rest,
      chosen: Math.min(chosen, last),
      composite: composite?.every((index) => index <= last) ? composite : null,
    });
  }

  /**
   * One filter takes the chosen one's place, several that of all.
   * @param {string} name  of a preset
   */
  usePreset(name) {
    const preset = this.presets.peek().find((known) => known.name === name);
    if (preset) this.#take(preset.filters, preset.filters.length === 1);
  }

  /** @param {number} index  of the trained filter that takes the chosen one's place */
  useTrained(index) {
    const filters = this.trained.peek()?.filters;
    if (filters) this.#take([filters[index]], true);
  }

  /** @param {number} first  of the trained filters that take the place of all */
  useManyTrained(first) {
    const filters = this.trained.peek()?.filters.slice(first, first + LIMITS.filters);
    if (filters) this.#take(filters, false);
  }

  /** Fetches the trained filters, once. */
  askForTrained() {
    this.#isAskedForTrained.value = true;
  }

  /**
   * Makes the chosen filter look for the colour of the pixel that is explained.
   * @returns {Promise<Problem | null>}
   */
  findColor() {
    return this.enqueue(async () => {
      const color = this.inspection.peek()?.color;
      if (!color) return;
      this.#take([await this.core.findColor(color)], true, { relu: true });
    });
  }

  /** Gives all three channels the kernel painted last. */
  spreadKernel() {
    const { filters } = this.store.state.peek();
    const kernel = filters[this.chosen.peek()].kernels[this.channel.peek()];
    this.set({ filters: withKernels(filters, this.chosen.peek(), () => kernel) });
  }

  /** @param {import("./questions.js").Question} question */
  ask(question) {
    this.set({ ...setup(question, this.store.state.peek()), question });
  }

  /** @param {Position | null} position  of the pointer; null when it has left */
  hover(position) {
    if (position && this.sliding.peek()) return;
    this.hovered.value = position;
  }

  /** @param {Position} position */
  moveTo(position) {
    this.endSlide();
    this.hovered.value = null;
    this.set({ position: clamped(position, this.output.peek()) }, "position");
  }

  /**
   * The slide: at an output pixel, in the middle of its sum or at its end.
   * @param {number} index  of the output pixel, row by row
   * @param {number | null} tap
   */
  slideTo(index, tap) {
    const output = this.output.peek();
    if (!output) return;
    const { width } = output.map.picture;
    batch(() => {
      this.sliding.value = true;
      this.hovered.value = null;
      this.tap.value = tap;
      this.set({ position: [Math.floor(index / width), index % width] }, "position");
    });
  }

  /** Shows the whole output again. */
  endSlide() {
    this.sliding.value = false;
    this.tap.value = null;
  }

  /** Whether brush and tools change the kernel of a channel. @param {number} channel */
  isPainted(channel) {
    return this.store.state.peek().paints === "all" || channel === this.channel.peek();
  }

  /** The maps' values in a format, or null before there is a picture. @param {"csv" | "npy"} format */
  async values(format) {
    const picture = this.picture.peek();
    return picture && this.core[format](picture, this.spec.peek());
  }

  /**
   * Changes the kernel of a channel of the chosen filter, or all three.
   * @param {number} channel
   * @param {(channel: number, kernel: number[][]) => readonly (readonly number[])[]} change
   * @param {string} [merge]
   */
  #change(channel, change, merge) {
    const { filters, paints } = this.store.state.peek();
    const next = withKernels(filters, this.chosen.peek(), (index, kernel) =>
      paints === "all" || index === channel ? change(index, kernel) : kernel,
    );
    this.set({ filters: next }, merge);
  }

  /**
   * @param {readonly AnyFilter[]} taken
   * @param {boolean} isOne  that takes the chosen one's place
   * @param {Partial<ChannelsLabState>} [rest]
   */
  #take(taken, isOne, rest = {}) {
    const { filters } = this.store.state.peek();
    const chosen = this.chosen.peek();
    if (isOne) {
      this.set({
        ...rest,
        filters: evenedOut(filters.with(chosen, /** @type {any} */ (taken[0]))),
      });
      return;
    }
    this.set({
      ...rest,
      filters: evenedOut(taken),
      chosen: 0,
      composite: taken.length === CHANNELS.length ? [0, 1, 2] : null,
    });
  }

  /** Asks for all maps, and for three of them as one picture. */
  #showStack() {
    const [picture, spec] = [this.picture.value, this.spec.value];
    const { composite } = this.store.state.value;
    void this.again.value;
    if (!picture) return;
    void this.#showMaps(picture, spec);
    if (!composite) {
      this.composite.value = null;
      return;
    }
    const last = spec.filters.length - 1;
    const chosen = /** @type {[number, number, number]} */ (
      composite.map((index) => Math.min(index, last))
    );
    void this.requestInto(this.composite, "composite", () =>
      this.core.composite(picture, spec, chosen),
    );
  }

  /**
   * Asks for the maps of filters that have none yet: a painted weight changes one map, not all.
   * @param {Picture} picture
   * @param {Spec} spec
   */
  async #showMaps(picture, spec) {
    const turn = ++this.#asked;
    const { filters, ...rest } = spec;
    const key = (/** @type {AnyFilter} */ filter) => JSON.stringify([filter, rest]);
    const known = this.#maps.picture === picture ? this.#maps.byKey : new Map();
    const missing = filters.filter((filter) => !known.has(key(filter)));
    const outcome =
      missing.length === 0
        ? { answer: [] }
        : await this.request("stack", () =>
            this.core.stack(picture, { ...rest, filters: missing }),
          );
    // Without a question to the engine a later turn may have been faster.
    if (!outcome?.answer || turn < this.#taken) return;
    this.#taken = turn;
    const added = outcome.answer.map((map, index) => [key(missing[index]), map]);
    const all = new Map([...known, .../** @type {[string, LegendedPicture][]} */ (added)]);
    const stack = filters.map((filter) => all.get(key(filter)));
    const byKey = new Map(filters.map((filter, index) => [key(filter), stack[index]]));
    this.#maps = { picture, byKey };
    this.stack.value = stack;
  }

  /** Asks for the parts of one value, for each channel by itself, and for the code. */
  #explain() {
    const [picture, spec, chosen] = [this.picture.value, this.spec.value, this.chosen.value];
    const position = this.shownPosition.value;
    const isApart = this.store.state.value.combining === "apart";
    void this.again.value;
    if (!picture || !this.output.value) return;
    void this.requestInto(this.inspection, "inspect", () =>
      this.core.inspect(picture, spec, chosen, position),
    );
    if (isApart) {
      void this.requestInto(this.apart, "apart", () => this.core.apart(picture, spec, chosen));
    }
    void this.requestInto(this.pytorch, "pytorch", () =>
      this.core.pytorch(picture, spec, isApart ? chosen : null),
    );
  }

  /** Asks for the numbers that answer the question. */
  #answer() {
    const picture = this.picture.value;
    const { question } = this.store.state.value;
    const [spec, settings] = [this.spec.value, this.groupsSpec.value];
    const inspection = this.inspection.value;
    void this.again.value;
    if (!picture || question === "none") {
      this.answer.value = null;
      return;
    }
    void this.requestInto(this.answer, "answer", () =>
      ask(question, { core: this.core, picture, spec, settings, inspection }),
    );
  }

  async #showTrained() {
    const [picture, theme] = [this.picture.value, this.theme.value];
    if (!picture || !this.#isAskedForTrained.value) return;
    const { filters } = (await import("./efficientnet-lite0/filters.json")).default;
    void this.requestInto(this.trained, "trained", async () => {
      const [looks, maps] = await Promise.all([
        this.core.filterLooks(filters, theme),
        this.core.thumbnails(
          picture,
          filters.map((filter) => [filter]),
          theme,
        ),
      ]);
      return { filters, looks, maps };
    });
  }

  /** The filters to choose from; asked again, it asks the engine only if that failed. */
  async #loadPresets() {
    if (this.#presetsAsked) return;
    this.#presetsAsked = true;
    try {
      this.presets.value = await this.core.channelPresets();
    } catch {
      // The output tells why the engine failed; the next one asks again.
      this.#presetsAsked = false;
    }
  }
}

/**
 * @param {ChannelsLabState} state
 * @param {"light" | "dark"} theme
 * @returns {Spec}
 */
function specOf({ filters, padding, stride, relu }, theme) {
  return { filters, padding, stride, relu, theme };
}

/**
 * @param {Position} position
 * @param {Output | null} output
 * @returns {Position}
 */
function clamped([row, col], output) {
  if (!output) return [row, col];
  const { height, width } = output.map.picture;
  return [Math.min(row, height - 1), Math.min(col, width - 1)];
}

/**
 * The largest number of groups up to `wanted` that divides the inputs.
 * @param {number} inputs
 * @param {number} wanted
 */
function divisor(inputs, wanted) {
  let groups = Math.min(inputs, wanted);
  while (inputs % groups !== 0) groups--;
  return groups;
}

/** How many brackets a text opens with. @param {string} text */
function axes(text) {
  return text.match(/\[[\s[]*/)?.[0].replace(/\s/g, "").length ?? 0;
}

/** Whether a text holds weights of several channels. @param {string} text */
function isLayer(text) {
  return axes(text) > 2;
}

/** @param {number} weight */
function bounded(weight) {
  return Math.max(-LIMITS.weight, Math.min(LIMITS.weight, weight));
}
