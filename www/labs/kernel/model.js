/**
 * What the kernel lab knows and does, without a page: its state, and what the engine says of it.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { FilterInfo, Frame, Inspection, InspectionResult, KernelCore, KernelEdit, KernelFormat,
 *   KernelLabSpec, PaddedInput, Picture } from "./contract.js"
 * @import { KernelLabState } from "./state.js"
 */
import { batch, computed, signal } from "@preact/signals-core";
import { LabModel } from "../shared/lab-model.js";
import { kernelLabState, LIMITS } from "./state.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @typedef {[number, number]} Position  [row, column] of an output pixel
 * @typedef {{ name: string, options: Record<string, number>, kernel: number[][] }} ChosenPreset
 * @typedef {KernelLabState["display"]["kind"]} DisplayKind
 */

/** Most cells whose numbers can be read. */
const CELLS = 400;

/** A change of a weight by wheel or key: coarse and fine. */
const STEP = { coarse: 1, fine: 0.1 };

/** @augments {LabModel<KernelLabState, KernelCore>} */
export class KernelLabModel extends LabModel {
  /** @type {Signal<PaddedInput | null>} */
  input = signal(null);
  /** @type {Signal<Frame | null>} */
  frame = signal(null);
  /** @type {Signal<Inspection | null>}  at {@link shownPosition} */
  inspection = signal(null);
  /** @type {Signal<InspectionResult | null>}  at the pins */
  pinned = signal(null);
  /** @type {Signal<FilterInfo[]>} */
  filters = signal([]);
  /** @type {Signal<Map<string, number[][]>>}  each filter's kernel at its default options */
  presetKernels = signal(new Map());
  /** @type {Signal<Map<string, Picture>>}  what each filter does to the picture */
  thumbnails = signal(new Map());
  /** @type {Signal<number[] | null>}  what the padded input's cells hold, if they are few */
  inputValues = signal(null);
  /** @type {Signal<number[] | null>}  what the output's cells hold, if they are few */
  outputValues = signal(null);
  pytorch = signal("");
  /** @type {Signal<Position | null>}  output pixel under the pointer */
  hovered = signal(null);
  /** @type {Signal<number | null>}  the scrubber's multiplication */
  tap = signal(null);
  /** @type {DisplayKind | null}  the display that the last preset brought */
  #broughtDisplay = null;
  /** True while the output is uncovered pixel by pixel. */
  sliding = signal(false);
  /** @type {Signal<{ value: number, symmetry: string }>} */
  brush = signal({ value: 1, symmetry: "none" });
  /** @type {Signal<ChosenPreset | null>}  the preset picked last and its options */
  chosenPreset = signal(null);

  #presetsAsked = false;

  /**
   * @param {EngineClient<KernelCore>} engine
   * @param {KernelLabState} state  to begin with
   */
  constructor(engine, state) {
    super(engine, kernelLabState, state);
    // By way of its text the spec stays the same object while nothing of it changes.
    const specText = computed(() =>
      JSON.stringify(specOf(this.store.state.value, this.theme.value)),
    );
    /** @type {import("@preact/signals-core").ReadonlySignal<KernelLabSpec>} */
    this.spec = computed(() => JSON.parse(specText.value));
    /** The output pixel that is explained: the one under the pointer, else the one chosen. */
    this.shownPosition = computed(() =>
      clamped(this.hovered.value ?? this.store.state.value.position, this.frame.value),
    );
    /** The name of the preset whose kernel is the present one. */
    this.preset = computed(() => {
      const kernel = JSON.stringify(this.store.state.value.kernel);
      const chosen = this.chosenPreset.value;
      if (chosen && JSON.stringify(chosen.kernel) === kernel) return chosen.name;
      const presets = [...this.presetKernels.value];
      return presets.find(([, rows]) => JSON.stringify(rows) === kernel)?.[0] ?? null;
    });
  }

  /** @override */
  get shown() {
    const { input, frame, inspection, pinned, filters, thumbnails, pytorch } = this;
    const { hovered, tap, sliding, brush, preset, inputValues, outputValues } = this;
    return [
      ...super.shown,
      input,
      frame,
      inspection,
      pinned,
      filters,
      thumbnails,
      pytorch,
      hovered,
      tap,
      sliding,
      brush,
      preset,
      inputValues,
      outputValues,
    ];
  }

  /** @override */
  effects() {
    const inputSpec = computed(() => JSON.stringify(inputPart(this.spec.value)));
    return [
      () => {
        const [picture, spec] = [this.picture.value, this.spec.value];
        if (!picture) return;
        this.requestPrimary(
          () => this.core.output(picture, spec),
          (frame) => this.#take(frame),
        );
      },
      () => {
        const picture = this.picture.value;
        const spec = JSON.parse(inputSpec.value);
        void this.again.value;
        if (!picture) return;
        void this.requestInto(this.input, "input", () => this.core.input(picture, spec));
      },
      () => {
        const [picture, spec, frame] = [this.picture.value, this.spec.value, this.frame.value];
        if (!picture || !frame) return;
        const channel = this.channel(frame);
        const position = this.shownPosition.value;
        void this.#showInspection("shown", picture, spec, [position], channel);
        const pins = this.store.state.value.pins.filter((pin) => isWithin(pin, frame));
        void this.#showInspection("pins", picture, spec, pins, channel);
      },
      () => {
        const [picture, kernels] = [this.picture.value, this.presetKernels.value];
        const { color } = this.store.state.value;
        const spec = { ...this.spec.peek(), color, theme: this.theme.value };
        void this.again.value;
        if (picture && kernels.size > 0) void this.#showThumbnails(picture, spec, kernels);
      },
      () => {
        const [picture, padded] = [this.picture.value, this.input.value];
        if (!picture || !padded) return;
        void this.#readCells(this.inputValues, picture, padded.picture, {
          ...JSON.parse(inputSpec.value),
          kernel: [[1]],
          padding: padded.padding,
          stride: [1, 1],
          dilation: [1, 1],
        });
      },
      () => {
        const [picture, frame] = [this.picture.value, this.frame.value];
        if (!picture || !frame) return;
        void this.#readCells(this.outputValues, picture, frame.picture, this.spec.peek());
      },
      () => {
        // The first output comes before all that can be chosen.
        if (!this.frame.value && !this.problem.value) return;
        void this.#loadPresets();
        void this.pictures.loadPatterns();
      },
    ];
  }

  /**
   * A new stride keeps the place that is looked at, not its index.
   * @override
   * @param {Partial<KernelLabState>} patch
   * @param {string} [merge]
   */
  set(patch, merge) {
    const { stride, position, pins } = this.store.state.peek();
    const next = patch.stride;
    if (!next) return super.set(patch, merge);
    const moved = (/** @type {Position} */ place) =>
      /** @type {Position} */ (
        place.map((index, axis) => Math.floor((index * stride[axis]) / next[axis]))
      );
    super.set({ position: moved(position), pins: pins.map(moved), ...patch }, merge);
  }

  /**
   * The input channel that the inspector looks at.
   * @param {Frame} frame
   */
  channel(frame) {
    return Math.min(this.store.state.value.channel, frame.channels - 1);
  }

  /**
   * @param {{ row: number, col: number, value: number }[]} cells
   * @param {string | number} stroke  strokes are undone as a whole
   */
  paint(cells, stroke) {
    const kernel = this.store.state.peek().kernel.map((row) => [...row]);
    for (const { row, col, value } of cells) {
      if (row in kernel && col in kernel[row]) kernel[row][col] = bounded(value);
    }
    this.store.set({ kernel }, { merge: `stroke ${stroke}` });
  }

  /**
   * @param {number} row
   * @param {number} col
   * @param {number} steps
   * @param {boolean} fine
   */
  step(row, col, steps, fine) {
    const value =
      this.store.state.peek().kernel[row][col] + steps * (fine ? STEP.fine : STEP.coarse);
    // Ten steps of 0.1 make 1, not 0.9999999999999999.
    this.paint([{ row, col, value: Math.round(value * 1e9) / 1e9 }], `step ${row} ${col}`);
  }

  /**
   * @param {number} row
   * @param {number} col
   * @param {string} text  a number or a fraction
   * @returns {Promise<Problem | null>}  why the text was refused
   */
  type(row, col, text) {
    return this.enqueue(async () => {
      const value = await this.core.parseNumber(text);
      const kernel = this.store.state.peek().kernel.map((cells) => [...cells]);
      kernel[row][col] = value;
      this.#setKernel(kernel);
    });
  }

  /**
   * @param {KernelEdit} edit
   * @returns {Promise<Problem | null>}
   */
  edit(edit) {
    return this.enqueue(async () => {
      this.#setKernel(await this.core.editKernel(this.store.state.peek().kernel, edit));
    });
  }

  /**
   * @param {string} text  a matrix as other programs write it
   * @returns {Promise<Problem | null>}
   */
  paste(text) {
    return this.enqueue(async () => this.#setKernel(await this.core.parseKernel(text)));
  }

  /**
   * A preset with a size stays that preset, as far as it comes in the size asked for.
   * @param {number} height
   * @param {number} width
   * @returns {Promise<Problem | null>}
   */
  resize(height, width) {
    const sized = height === width ? this.#presetOfSize(height) : null;
    return sized ? this.usePreset(...sized) : this.edit({ kind: "resize", height, width });
  }

  /**
   * The present preset and its options in another size: the nearest one in that direction.
   * @param {number} side
   * @returns {[name: string, options: Record<string, number>] | null}
   */
  #presetOfSize(side) {
    const name = this.preset.peek();
    const filter = this.filters.peek().find((known) => known.name === name);
    const size = filter?.parameters.find((parameter) => parameter.name === "size");
    if (!name || !size) return null;
    const steps = (side - size.min) / size.step;
    const isGrowing = side > this.store.state.peek().kernel.length;
    const next = size.min + size.step * (isGrowing ? Math.ceil(steps) : Math.floor(steps));
    if (next < size.min || next > size.max) return null;
    const chosen = this.chosenPreset.peek();
    const options = chosen?.name === name ? chosen.options : {};
    return [name, { ...options, size: next }];
  }

  /** @param {KernelFormat} format */
  kernelText(format) {
    return this.core.formatKernel(this.store.state.peek().kernel, format);
  }

  /** The output values as CSV, or null before there is a picture. */
  async csv() {
    const picture = this.picture.peek();
    return picture && this.core.csv(picture, this.spec.peek());
  }

  /**
   * @param {string} name
   * @param {Record<string, number>} [options]
   * @returns {Promise<Problem | null>}
   */
  usePreset(name, options = {}) {
    return this.enqueue(async () => {
      const kernel = await this.core.filterKernel(name, options);
      this.chosenPreset.value = { name, options, kernel };
      const merge = Object.keys(options).length > 0 ? `preset ${name}` : undefined;
      this.store.set({ kernel, ...this.#displayFor(kernel) }, { merge });
    });
  }

  /**
   * The display that a preset's thumbnail shows, unless the learner has chosen another one.
   * @param {number[][]} kernel
   */
  #displayFor(kernel) {
    const { display, kernel: before } = this.store.state.peek();
    const isBrought = display.kind === this.#broughtDisplay || display.kind === displayOf(before);
    if (!isBrought) return {};
    this.#broughtDisplay = displayOf(kernel);
    return { display: { ...display, kind: this.#broughtDisplay } };
  }

  /** @param {Position | null} position  of the pointer over the output; null when it has left */
  hover(position) {
    if (position && this.sliding.peek()) return;
    this.hovered.value = position;
  }

  /** @param {Position} position */
  moveTo(position) {
    this.endSlide();
    this.hovered.value = null;
    this.store.set({ position: clamped(position, this.frame.peek()) }, { merge: "position" });
  }

  /**
   * Pins an output pixel, or takes its pin out; a third pin takes the place of the second.
   * @param {Position} position
   */
  togglePin(position) {
    const { pins } = this.store.state.peek();
    const others = pins.filter((pin) => pin.join() !== position.join());
    const next = others.length < pins.length ? others : [...pins.slice(0, 1), position];
    this.endSlide();
    this.hovered.value = null;
    this.store.set({ pins: next, position });
  }

  /**
   * The slide: at an output pixel, in the middle of its sum or at its end.
   * @param {number} index  of the output pixel, row by row
   * @param {number | null} tap
   */
  slideTo(index, tap) {
    const frame = this.frame.peek();
    if (!frame) return;
    batch(() => {
      const position = /** @type {Position} */ ([
        Math.floor(index / frame.picture.width),
        index % frame.picture.width,
      ]);
      this.sliding.value = true;
      this.hovered.value = null;
      this.tap.value = tap;
      this.store.set({ position }, { merge: "position" });
    });
  }

  /** Shows the whole output again. */
  endSlide() {
    this.sliding.value = false;
    this.tap.value = null;
  }

  /** @param {number[][]} kernel */
  #setKernel(kernel) {
    this.store.set({ kernel });
  }

  /**
   * Takes a new output, and asks for the code that goes with it.
   * @param {Frame} frame
   */
  #take(frame) {
    this.frame.value = frame;
    const picture = this.picture.peek();
    if (!picture) return undefined;
    const spec = this.spec.peek();
    return this.requestInto(this.pytorch, "pytorch", () => this.core.pytorch(picture, spec));
  }

  /**
   * @param {"shown" | "pins"} lane
   * @param {Picture} picture
   * @param {KernelLabSpec} spec
   * @param {Position[]} positions
   * @param {number} channel
   */
  async #showInspection(lane, picture, spec, positions, channel) {
    /** @type {Signal<InspectionResult | null>} */
    const result = signal(null);
    if (positions.length > 0) {
      await this.requestInto(result, lane, () =>
        this.core.inspect(picture, spec, positions, channel),
      );
      if (!result.value) return;
    }
    if (lane === "pins") this.pinned.value = result.value;
    else this.inspection.value = result.value?.inspections[0] ?? null;
  }

  /**
   * @param {Picture} picture
   * @param {KernelLabSpec} spec
   * @param {Map<string, number[][]>} kernels
   */
  async #showThumbnails(picture, spec, kernels) {
    /** @type {Signal<Picture[]>} */
    const result = signal([]);
    const rows = [...kernels.values()];
    await this.requestInto(result, "thumbnails", () => this.core.thumbnails(picture, spec, rows));
    const names = [...kernels.keys()];
    if (result.value.length === names.length) {
      this.thumbnails.value = new Map(names.map((name, index) => [name, result.value[index]]));
    }
  }

  /**
   * The values of a small grey picture, for its cells.
   * @param {Signal<number[] | null>} target
   * @param {Picture} picture
   * @param {Picture} shown
   * @param {KernelLabSpec} spec
   */
  async #readCells(target, picture, shown, spec) {
    if (spec.color !== "grey" || shown.width * shown.height > CELLS) {
      target.value = null;
      return;
    }
    const lane = target === this.inputValues ? "input values" : "output values";
    /** @type {Signal<string | null>} */
    const text = signal(null);
    await this.requestInto(text, lane, () => this.core.csv(picture, spec));
    if (text.value)
      target.value = text.value
        .trim()
        .split(/[\s,]+/)
        .map(Number);
  }

  /** The named kernels to choose from; asked again, it asks the engine only if that failed. */
  async #loadPresets() {
    if (this.#presetsAsked) return;
    this.#presetsAsked = true;
    try {
      const filters = await this.core.filters();
      const kernels = await Promise.all(
        filters.map(({ name }) => this.core.filterKernel(name, {})),
      );
      batch(() => {
        this.filters.value = filters;
        this.presetKernels.value = new Map(
          filters.map(({ name }, index) => [name, kernels[index]]),
        );
      });
    } catch {
      // The output tells why the engine failed; the next one asks again.
      this.#presetsAsked = false;
    }
  }
}

/**
 * The display of a kernel's thumbnail: what keeps the brightness is shown like a photograph, what
 * has signs symmetrically.
 * @param {readonly (readonly number[])[]} kernel
 * @returns {DisplayKind}
 */
function displayOf(kernel) {
  const sum = kernel.flat().reduce((total, weight) => total + weight, 0);
  return Math.abs(sum - 1) < 1e-6 ? "clip" : "symmetric";
}

/**
 * @param {KernelLabState} state
 * @param {"light" | "dark"} theme
 * @returns {KernelLabSpec}
 */
function specOf(state, theme) {
  const { kernel, color, padding, paddingMode, stride, dilation } = state;
  const { bias, flipKernel, relu, display } = state;
  return {
    kernel,
    color,
    padding,
    paddingMode,
    stride,
    dilation,
    bias,
    flipKernel,
    relu,
    display,
    theme,
  };
}

/**
 * A spec that gives the same padded input and does not change with the rest: weights do not
 * matter to it, but the kernel's size does.
 * @param {KernelLabSpec} spec
 * @returns {KernelLabSpec}
 */
function inputPart(spec) {
  return {
    ...spec,
    kernel: spec.kernel.map((row) => row.map(() => 0)),
    bias: 0,
    flipKernel: false,
    relu: false,
    display: { kind: "clip" },
  };
}

/**
 * @param {Position} position
 * @param {Frame | null} frame
 * @returns {Position}
 */
function clamped([row, col], frame) {
  if (!frame) return [row, col];
  const { height, width } = frame.picture;
  return [Math.min(row, height - 1), Math.min(col, width - 1)];
}

/**
 * @param {Position} position
 * @param {Frame} frame
 */
function isWithin([row, col], { picture }) {
  return row < picture.height && col < picture.width;
}

/** @param {number} weight */
function bounded(weight) {
  return Math.max(-LIMITS.weight, Math.min(LIMITS.weight, weight));
}
