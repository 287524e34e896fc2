/**
 * What the pooling lab knows and does, without a page: its state, and what the engine says of it.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { LegendedPicture } from "../shared/core-types.js"
 * @import { Change, Curve, Frame, Gradient, Inspection, PoolingCore, Restored, Savings, Shifted, Spec }
 *   from "./contract.js"
 * @import { MethodName, PoolingLabState } from "./state.js"
 */
import { computed, signal } from "@preact/signals-core";
import { LabModel } from "../shared/lab-model.js";
import { steady } from "../shared/steady.js";
import { LIMITS, METHODS, poolingLabState } from "./state.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @template T
 * @typedef {import("@preact/signals-core").ReadonlySignal<T>} ReadonlySignal
 */

/**
 * @template T
 * @typedef {{ answer: T | null, problem: Problem | null }} Outcome  the last good answer, and why
 *   there is no newer one
 */

/**
 * @typedef {[number, number]} Position  [row, column] of an output pixel
 * @typedef {{ method: MethodName, position: Position }} Spot
 */

/** Curves are asked for when nothing has changed for so long: nobody waits for them. */
const CURVE_PAUSE_MS = 200;

/** @augments {LabModel<PoolingLabState, PoolingCore>} */
export class PoolingLabModel extends LabModel {
  /** @type {Signal<LegendedPicture | null>} */
  input = signal(null);
  /** @type {Signal<Map<MethodName, Outcome<Frame>>>} */
  outputs = signal(new Map());
  /** @type {Signal<Inspection | null>}  at {@link spot} */
  inspection = signal(null);
  /** @type {Signal<Gradient | null>}  of {@link spot}, or of all outputs */
  gradient = signal(null);
  /** @type {Signal<Restored | null>} */
  restored = signal(null);
  /** @type {Signal<Savings | null>} */
  savings = signal(null);
  /** @type {Signal<{ map: LegendedPicture, change: Change } | null>} */
  shiftedInput = signal(null);
  /** @type {Signal<Map<MethodName, Outcome<Shifted>>>} */
  shifted = signal(new Map());
  /** @type {Signal<Curve | null>} */
  inputCurve = signal(null);
  /** @type {Signal<Map<MethodName, Outcome<Curve>>>} */
  curves = signal(new Map());
  /** @type {Signal<Spot | null>}  output pixel under the pointer */
  hovered = signal(null);

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #curveTimer;
  /** The position at the spot is only sure to exist once its method has an output. */
  #hasOutput = computed(() => Boolean(this.outputs.value.get(this.spot.value.method)?.answer));

  /**
   * @param {EngineClient<PoolingCore>} engine
   * @param {PoolingLabState} state  to begin with
   */
  constructor(engine, state) {
    super(engine, poolingLabState, state);
    const specs = METHODS.map((method) => {
      const spec = steady(() => specOf(method, this.store.state.value, this.theme.value));
      return /** @type {const} */ ([method, spec]);
    });
    /** @type {Map<MethodName, ReadonlySignal<Spec>>} */
    this.specs = new Map(specs);
    /** A spec for what depends on no method. */
    this.plainSpec = steady(() => {
      const { color } = this.store.state.value;
      const display = /** @type {const} */ ({ kind: "clip" });
      return /** @type {Spec} */ ({
        method: "max",
        color,
        display,
        theme: this.theme.value,
      });
    });
    /** The methods beside each other, in the order in which they are offered. */
    this.methods = steady(() => {
      const { methods } = this.store.state.value;
      return METHODS.filter((method) => methods.includes(method));
    });
    /** The method that is explained: the one chosen, if it is shown. */
    this.explained = computed(() => {
      const { method } = this.store.state.value;
      return this.methods.value.includes(method) ? method : this.methods.value[0];
    });
    /** The output pixel that is explained: the one under the pointer, else the one chosen. */
    this.spot = steady(() => {
      const { method, position } = this.hovered.value ?? {
        method: this.explained.value,
        position: this.store.state.value.position,
      };
      const frame = this.outputs.value.get(method)?.answer;
      return { method, position: clamped(position, frame) };
    });
    /** What else is asked of the spot, of the explained method and of the shift. */
    this.questions = steady(() => {
      const { channel, gradientOf, nextChannels } = this.store.state.value;
      return { channel, gradientOf, nextChannels, restoring: this.restoring() };
    });
    /** All of the state but the experiment's. */
    this.setting = steady(() => {
      const { shift: _, measure: __, ...rest } = this.store.state.value;
      return rest;
    });
    this.experiment = steady(() => {
      const { shift, measure } = this.store.state.value;
      return { shift, measure };
    });
  }

  /** @override */
  get shown() {
    const { input, outputs, inspection, gradient, restored, savings, shiftedInput } = this;
    const { shifted, inputCurve, curves, hovered, spot } = this;
    return [
      ...super.shown,
      input,
      outputs,
      inspection,
      gradient,
      restored,
      savings,
      shiftedInput,
      shifted,
      inputCurve,
      curves,
      hovered,
      spot,
    ];
  }

  /** @override */
  effects() {
    return [
      () => {
        const [picture, method] = [this.picture.value, this.explained.value];
        const spec = this.#spec(method);
        if (!picture) return;
        this.requestPrimary(
          () => this.core.output(picture, spec),
          (frame) => this.#takeOutput(method, frame),
        );
      },
      ...METHODS.map((method) => () => {
        const picture = this.picture.value;
        void this.again.value;
        if (!picture || !this.#isShown(method) || method === this.explained.value) return;
        const spec = this.#spec(method);
        void this.#put(this.outputs, "output", method, () => this.core.output(picture, spec));
      }),
      () => {
        const [picture, spec] = [this.picture.value, this.plainSpec.value];
        void this.again.value;
        if (!picture) return;
        void this.requestInto(this.input, "input", () => this.core.input(picture, spec));
      },
      () => this.#explain(),
      () => this.#weigh(),
      () => this.#shift(),
      () => this.#drawCurves(),
      () => {
        // The first output comes before all that can be chosen.
        if (this.outputs.value.size > 0 || this.problem.value) void this.pictures.loadPatterns();
      },
    ];
  }

  /** @override */
  stop() {
    clearTimeout(this.#curveTimer);
    super.stop();
  }

  /**
   * Shows a method beside the others, or takes it away; the last one stays.
   * @param {MethodName} method
   */
  toggleMethod(method) {
    const { methods } = this.store.state.peek();
    const others = methods.filter((name) => name !== method);
    if (others.length === methods.length) {
      this.set({ methods: [...methods, method], method });
    } else if (others.length > 0) this.set({ methods: others });
  }

  /**
   * A new stride keeps the place that is looked at, not its index.
   * @override
   * @param {Partial<PoolingLabState>} patch
   * @param {string} [merge]
   */
  set(patch, merge) {
    const { stride, position } = this.store.state.peek();
    const next = patch.stride;
    if (!next) return super.set(patch, merge);
    const moved = position.map((index, axis) => Math.floor((index * stride[axis]) / next[axis]));
    super.set({ position: /** @type {Position} */ (moved), ...patch }, merge);
  }

  /** @param {Spot | null} spot  under the pointer; null when it has left */
  hover(spot) {
    this.hovered.value = spot;
  }

  /** @param {Spot} spot */
  pick({ method, position }) {
    this.hovered.value = null;
    const frame = this.outputs.peek().get(method)?.answer;
    this.set({ method, position: clamped(position, frame) }, "position");
  }

  /**
   * Moves the picture of the shift experiment.
   * @param {[number, number]} shift  [down, right] in pixels
   * @param {string | number} stroke  strokes are undone as a whole
   */
  moveTo(shift, stroke) {
    const within = (/** @type {number} */ part) =>
      Math.max(-LIMITS.shift, Math.min(LIMITS.shift, Math.round(part * 100) / 100)) + 0;
    this.set({ shift: [within(shift[0]), within(shift[1])] }, `shift ${stroke}`);
  }

  /** The values of the explained output as CSV, or null before there is a picture. */
  async csv() {
    const picture = this.picture.peek();
    const spec = this.specs.get(this.explained.peek())?.peek();
    return picture && spec ? this.core.csv(picture, spec) : null;
  }

  /** Asks for the parts of the spot's value and for the way of its gradient. */
  #explain() {
    const [picture, { method, position }] = [this.picture.value, this.spot.value];
    const channels = this.plainSpec.value.color === "grey" ? 1 : 3;
    const [spec, questions] = [this.#spec(method), this.questions.value];
    void this.again.value;
    if (!picture || !this.#hasOutput.value) return;
    const channel = Math.min(questions.channel, channels - 1);
    const from = questions.gradientOf === "one" ? position : null;
    void this.requestInto(this.inspection, "inspect", () =>
      this.core.inspect(picture, spec, position, channel),
    );
    void this.requestInto(this.gradient, "gradient", () =>
      this.core.gradient(picture, spec, from, channel),
    );
  }

  /** Asks for what the explained output has lost, and for what the next layer saves. */
  #weigh() {
    const [picture, spec] = [this.picture.value, this.#spec(this.explained.value)];
    const { nextChannels, restoring } = this.questions.value;
    void this.again.value;
    if (!picture) return;
    void this.requestInto(this.restored, "restored", () =>
      this.core.restored(picture, spec, restoring),
    );
    void this.requestInto(this.savings, "savings", () =>
      this.core.savings(picture, spec, nextChannels),
    );
  }

  /** How the explained output is brought back: only maxima know where they were found. */
  restoring() {
    const { restoring } = this.store.state.value;
    return this.canUnpool() ? restoring : "nearest";
  }

  /** Whether the explained method chooses pixels, whose places can be kept. */
  canUnpool() {
    const { method, kind } = this.#spec(this.explained.value);
    return method === "max" || kind === "max";
  }

  #shift() {
    const [picture, spec] = [this.picture.value, this.plainSpec.value];
    const { shift, measure } = this.experiment.value;
    void this.again.value;
    if (!picture) return;
    void this.requestInto(this.shiftedInput, "shifted", () =>
      this.core.shiftedInput(picture, spec, shift),
    );
    for (const method of this.methods.value) {
      const pooled = this.#spec(method);
      void this.#put(this.shifted, "shift", method, () =>
        this.core.shift(picture, pooled, shift, measure),
      );
    }
  }

  #drawCurves() {
    const [picture, methods] = [this.picture.value, this.methods.value];
    const spec = this.plainSpec.value;
    const specs = methods.map((method) => this.#spec(method));
    void this.again.value;
    clearTimeout(this.#curveTimer);
    if (!picture) return;
    this.#curveTimer = setTimeout(() => {
      void this.requestInto(this.inputCurve, "input curve", () =>
        this.core.inputCurve(picture, spec),
      );
      methods.forEach((method, index) => {
        void this.#put(this.curves, "curve", method, () => this.core.curve(picture, specs[index]));
      });
    }, CURVE_PAUSE_MS);
  }

  /**
   * @param {MethodName} method
   * @param {Frame} answer
   */
  #takeOutput(method, answer) {
    this.outputs.value = new Map(this.outputs.peek()).set(method, { answer, problem: null });
  }

  /**
   * Puts one method's answer beside those of the others. A refusal leaves the last one standing.
   * @template T
   * @param {Signal<Map<MethodName, Outcome<T>>>} target
   * @param {string} lane
   * @param {MethodName} method
   * @param {() => Promise<T>} ask
   */
  async #put(target, lane, method, ask) {
    const outcome = await this.request(`${lane} ${method}`, ask);
    if (!outcome) return;
    const answer = outcome.answer ?? target.peek().get(method)?.answer ?? null;
    const problem = outcome.problem ?? null;
    target.value = new Map(target.peek()).set(method, { answer, problem });
  }

  /** @param {MethodName} method */
  #isShown(method) {
    return this.methods.value.includes(method);
  }

  /**
   * @param {MethodName} method
   * @returns {Spec}
   */
  #spec(method) {
    const spec = this.specs.get(method);
    if (!spec) throw new Error(`no method ${method}`);
    return spec.value;
  }
}

const SLIDE = /** @type {const} */ (["size", "stride", "padding", "dilation"]);

/**
 * The parts of the state that a method's output depends on.
 * @satisfies {Record<MethodName, readonly (keyof PoolingLabState)[]>}
 */
export const PARTS = {
  max: [...SLIDE, "ceilMode"],
  average: [...SLIDE, "ceilMode", "countIncludePad"],
  lp: [...SLIDE, "ceilMode", "p"],
  strided: [...SLIDE, "kernel", "seed"],
  binomial: SLIDE,
  blur: ["stride", "taps"],
  max_blur: [...SLIDE, "taps"],
  adaptive: ["kind", "outputSize"],
  global: ["kind"],
};

/**
 * @param {MethodName} method
 * @param {PoolingLabState} state
 * @param {"light" | "dark"} theme
 * @returns {Spec}
 */
function specOf(method, state, theme) {
  const { color, display } = state;
  if (method === "binomial") return specOf("strided", smooth(state), theme);
  const parts = Object.fromEntries(PARTS[method].map((name) => [name, state[name]]));
  return { method, ...parts, color, display, theme };
}

/**
 * The convolution that looks learned: binomial weights over a window one pixel larger on each side,
 * as far as the largest window allows, in the same places.
 * @param {PoolingLabState} state
 * @returns {PoolingLabState}
 */
export function smooth(state) {
  const { size, padding } = state;
  const [rows, cols] = size.map((extent) => Math.min(2, LIMITS.size - extent));
  const { top, left, bottom, right } =
    padding === "valid" ? { top: 0, left: 0, bottom: 0, right: 0 } : Object(padding);
  const sides = {
    top: top + (rows >> 1),
    left: left + (cols >> 1),
    bottom: bottom + rows - (rows >> 1),
    right: right + cols - (cols >> 1),
  };
  return {
    ...state,
    kernel: "binomial",
    size: [size[0] + rows, size[1] + cols],
    padding: padding === "same" || padding === "full" ? padding : sides,
  };
}

/**
 * @param {Position} position
 * @param {Frame | null | undefined} frame
 * @returns {Position}
 */
function clamped([row, col], frame) {
  if (!frame) return [row, col];
  const { height, width } = frame.map.picture;
  return [Math.min(row, height - 1), Math.min(col, width - 1)];
}
