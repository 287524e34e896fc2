/**
 * What the kernel lab knows and does, without a page: its state, and what the engine says of it.
 *
 * Data flows one way: an action changes the state; effects ask the engine; answers become signals
 * that the element shows. A refused call leaves the last good answer standing and sets `problem`.
 *
 * @import { EngineClient } from "../engine/client.js"
 * @import { FilterInfo, Frame, Inspection, InspectionResult, KernelLabSpec, Operations,
 *   PaddedInput, Picture, Problem } from "../engine/protocol.js"
 * @import { KernelLabState } from "../state/kernel-lab-state.js"
 */
import { batch, computed, effect, signal } from "@preact/signals-core";
import { EngineError } from "../engine/protocol.js";
import { startCamera } from "../pictures/camera.js";
import { drawingToPicture } from "../pictures/drawing.js";
import { encodePng, loadFile, loadPhoto } from "../pictures/load.js";
import { LIMITS, PATTERNS, parseState } from "../state/kernel-lab-state.js";
import { loadUpload, saveUpload } from "../state/session.js";
import { createStore } from "../state/store.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/**
 * @typedef {[number, number]} Position  [row, column] of an output pixel
 * @typedef {{ key: string, params: Record<string, unknown> }} Notice  a sentence of the catalogue
 * @typedef {{ name: string, options: Record<string, number>, kernel: number[][] }} ChosenPreset
 */

/** Side of the test patterns in pixels, that of the photographs. */
const PATTERN_SIZE = 256;
const THUMBNAIL_SIZE = 40;

/** A change of a weight by wheel or key: coarse and fine. */
const STEP = { coarse: 1, fine: 0.1 };

/** Milliseconds after which a computation is worth a word. */
const PATIENCE_MS = 300;

const RESTARTED = "error.worker_restarted";

let labsMade = 0;

export class KernelLabModel {
  /** @type {Signal<Picture | null>} */
  picture = signal(null);
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
  /** @type {Signal<Map<string, Picture>>}  small test patterns by name */
  patterns = signal(new Map());
  /** @type {Signal<Map<string, Picture>>}  what each filter does to the picture */
  thumbnails = signal(new Map());
  pytorch = signal("");
  /** @type {Signal<Problem | null>}  why the output does not follow the state */
  problem = signal(null);
  /** @type {Signal<Notice | null>}  the last thing worth saying about the picture or the engine */
  notice = signal(null);
  /** @type {Signal<"light" | "dark">} */
  theme = signal("light");
  /** @type {Signal<Position | null>}  output pixel under the pointer */
  hovered = signal(null);
  /** @type {Signal<number | null>}  the scrubber's multiplication */
  tap = signal(null);
  /** True while the output is uncovered pixel by pixel. */
  sliding = signal(false);
  /** True when a computation takes long enough to be cancelled by hand. */
  busy = signal(false);
  /** @type {Signal<{ value: number, symmetry: string }>} */
  brush = signal({ value: 1, symmetry: "none" });
  /** @type {Signal<ChosenPreset | null>}  the preset picked last and its options */
  chosenPreset = signal(null);

  #engine;
  #id = ++labsMade;
  /** @type {Map<string, Picture>} */
  #uploads = new Map();
  #cameraWanted = false;
  /** @type {AbortController} */
  #camera = new AbortController();
  #pictureTurn = 0;
  #choicesAsked = false;
  /** Whether an answer beside the output was lost: cancelled, or with an engine that failed. */
  #missed = false;
  /** Counts the times that what was missed is asked for again. */
  #again = signal(0);
  /** Settles when the newest output is on the screen, or refused. */
  #outputShown = Promise.resolve();
  /** @type {Promise<unknown>}  settles when the actions asked for so far are done */
  #lastAction = Promise.resolve();
  /** @type {(() => void)[]} */
  #disposers = [];

  /**
   * @param {EngineClient} engine
   * @param {KernelLabState} state  to begin with
   */
  constructor(engine, state) {
    this.#engine = engine;
    this.store = createStore(state, parseState);
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

  /** All that the element shows: when one of these changes, it renders. */
  get shown() {
    const { store, picture, input, frame, inspection, pinned, filters, thumbnails } = this;
    const { patterns, pytorch, problem, notice, hovered, tap, sliding, busy, brush, preset } = this;
    return [
      store.state,
      store.canUndo,
      store.canRedo,
      picture,
      input,
      frame,
      inspection,
      pinned,
      filters,
      thumbnails,
      patterns,
      pytorch,
      problem,
      notice,
      hovered,
      tap,
      sliding,
      busy,
      brush,
      preset,
    ];
  }

  /** Begins to follow the state; {@link stop} ends it. */
  start() {
    const pictureState = computed(() => JSON.stringify(this.store.state.value.picture));
    const inputSpec = computed(() => JSON.stringify(inputPart(this.spec.value)));
    const restarted = () => {
      // Where the output failed all the same, something is lost.
      if (this.problem.peek()?.code !== "engine_failed") this.#say(RESTARTED);
    };
    this.#engine.addEventListener("engine-restart", restarted);
    this.#disposers = [
      () => this.#engine.removeEventListener("engine-restart", restarted),
      effect(() => void this.#showPicture(JSON.parse(pictureState.value))),
      effect(() => {
        const [picture, spec] = [this.picture.value, this.spec.value];
        if (picture) this.#outputShown = this.#showOutput(picture, spec);
      }),
      effect(() => {
        const picture = this.picture.value;
        const spec = JSON.parse(inputSpec.value);
        void this.#again.value;
        if (picture) void this.#show(this.input, "input", "kernelLabInput", picture, spec);
      }),
      effect(() => {
        const [picture, spec, frame] = [this.picture.value, this.spec.value, this.frame.value];
        if (!picture || !frame) return;
        const channel = this.channel(frame);
        const position = this.shownPosition.value;
        void this.#showInspection("shown", picture, spec, [position], channel);
        const pins = this.store.state.value.pins.filter((pin) => isWithin(pin, frame));
        void this.#showInspection("pins", picture, spec, pins, channel);
      }),
      effect(() => {
        const [picture, kernels] = [this.picture.value, this.presetKernels.value];
        const { color } = this.store.state.value;
        const spec = { ...this.spec.peek(), color, theme: this.theme.value };
        void this.#again.value;
        if (picture && kernels.size > 0) void this.#showThumbnails(picture, spec, kernels);
      }),
      effect(() => {
        // The first output comes before all that can be chosen.
        if (this.frame.value || this.problem.value) void this.#loadChoices();
      }),
    ];
  }

  stop() {
    for (const dispose of this.#disposers) dispose();
    this.#disposers = [];
    this.#camera.abort();
    this.#pictureTurn++;
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
    return this.#try(async () => {
      const value = await this.#engine.call("parseNumber", text);
      const kernel = this.store.state.peek().kernel.map((cells) => [...cells]);
      kernel[row][col] = value;
      this.#setKernel(kernel);
    });
  }

  /**
   * @param {{ kind: string, [option: string]: string | number }} edit
   * @returns {Promise<Problem | null>}
   */
  edit(edit) {
    return this.#try(async () => {
      this.#setKernel(await this.#engine.call("editKernel", this.store.state.peek().kernel, edit));
    });
  }

  /**
   * @param {string} text  a matrix as other programs write it
   * @returns {Promise<Problem | null>}
   */
  paste(text) {
    return this.#try(async () => this.#setKernel(await this.#engine.call("parseKernel", text)));
  }

  /** @param {string} format */
  kernelText(format) {
    return this.#engine.call("formatKernel", this.store.state.peek().kernel, format);
  }

  /** The output values as CSV, or null before there is a picture. */
  async csv() {
    const picture = this.picture.peek();
    return picture && this.#engine.call("kernelLabCsv", picture, this.spec.peek());
  }

  /**
   * @param {string} name
   * @param {Record<string, number>} [options]
   * @returns {Promise<Problem | null>}
   */
  usePreset(name, options = {}) {
    return this.#try(async () => {
      const kernel = await this.#engine.call("filterKernel", name, options);
      this.chosenPreset.value = { name, options, kernel };
      const merge = Object.keys(options).length > 0 ? `preset ${name}` : undefined;
      this.store.set({ kernel }, { merge });
    });
  }

  /**
   * @param {Partial<KernelLabState>} patch
   * @param {string} [merge]  changes with the same key are undone as one
   */
  set(patch, merge) {
    this.store.set(patch, { merge });
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
        Math.floor(index / frame.width),
        index % frame.width,
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

  /**
   * @param {Blob} file
   * @param {string} name  as the learner knows it
   * @returns {Promise<Problem | null>}
   */
  openFile(file, name) {
    return this.#try(async () => {
      const { picture, original, scaled, animated } = await loadFile(file);
      const label = unusedName(name, this.#uploads);
      this.#uploads.set(label, picture);
      this.store.set({ picture: { kind: "upload", name: label } });
      this.notice.value = null;
      if (scaled) {
        const { width: fromWidth, height: fromHeight } = original;
        const { width: toWidth, height: toHeight } = picture;
        this.#say("pictures.scaled", { fromWidth, fromHeight, toWidth, toHeight });
      } else if (animated) this.#say("pictures.first_frame");
      await saveUpload(new File([await encodePng(picture)], label, { type: "image/png" }));
    });
  }

  /**
   * @param {KernelLabState["picture"]} picture
   * @param {string} [merge]
   */
  choosePicture(picture, merge) {
    this.#cameraWanted = picture.kind === "camera";
    this.notice.value = null;
    this.store.set({ picture }, { merge });
  }

  /** Stops what is being computed; the last output stays. */
  cancel = () => this.#engine.cancel();

  /** @param {number[][]} kernel */
  #setKernel(kernel) {
    this.store.set({ kernel });
  }

  /**
   * Does what was asked after all that was asked before, so that no change builds on an old state.
   * @param {() => Promise<unknown>} action
   * @returns {Promise<Problem | null>}  why it was refused
   */
  #try(action) {
    const outcome = this.#lastAction.then(action).then(() => null, problemOf);
    this.#lastAction = outcome;
    return outcome;
  }

  /**
   * @param {string} key
   * @param {Record<string, unknown>} [params]
   */
  #say(key, params = {}) {
    this.notice.value = { key, params };
  }

  /** @param {string} name */
  #lane(name) {
    return `${this.#id} ${name}`;
  }

  /**
   * @param {Picture} picture
   * @param {KernelLabSpec} spec
   */
  async #showOutput(picture, spec) {
    const patience = setTimeout(() => {
      this.busy.value = true;
    }, PATIENCE_MS);
    try {
      const frame = await this.#engine
        .latest(this.#lane("output"), "kernelLabOutput", picture, spec)
        .finally(() => clearTimeout(patience));
      if (!frame) return;
      batch(() => {
        this.frame.value = frame;
        this.problem.value = null;
        this.busy.value = false;
        if (this.#missed) this.#again.value++;
        this.#missed = false;
      });
      await this.#show(this.pytorch, "pytorch", "kernelLabPytorch", picture, spec);
    } catch (error) {
      const problem = problemOf(error);
      batch(() => {
        this.busy.value = false;
        this.problem.value = problem;
        const isRepaired = problem.code !== "engine_failed";
        if (!isRepaired && this.notice.peek()?.key === RESTARTED) this.notice.value = null;
      });
    }
  }

  /**
   * Puts the answer into `target`. A refusal is the output's to tell.
   * @template {keyof Operations} Name
   * @param {Signal<any>} target
   * @param {string} lane
   * @param {Name} name
   * @param {Parameters<Operations[Name]>} args
   */
  async #show(target, lane, name, ...args) {
    try {
      const answer = await this.#engine.latest(this.#lane(lane), name, ...args);
      if (answer !== null) target.value = answer;
    } catch {
      this.#missed = true;
    }
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
      await this.#show(result, lane, "kernelLabInspect", picture, spec, positions, channel);
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
    await this.#show(result, "thumbnails", "kernelLabThumbnails", picture, spec, rows);
    const names = [...kernels.keys()];
    if (result.value.length === names.length) {
      this.thumbnails.value = new Map(names.map((name, index) => [name, result.value[index]]));
    }
  }

  /** What the learner can choose from: presets and patterns. */
  async #loadChoices() {
    if (this.#choicesAsked) return;
    this.#choicesAsked = true;
    try {
      const filters = await this.#engine.call("filters");
      const kernels = await Promise.all(
        filters.map(({ name }) => this.#engine.call("filterKernel", name, {})),
      );
      const patterns = await Promise.all(
        PATTERNS.map((name) => this.#engine.call("testPattern", name, THUMBNAIL_SIZE, 1)),
      );
      batch(() => {
        this.patterns.value = new Map(PATTERNS.map((name, index) => [name, patterns[index]]));
        this.filters.value = filters;
        this.presetKernels.value = new Map(
          filters.map(({ name }, index) => [name, kernels[index]]),
        );
      });
    } catch {
      // The output tells why the engine failed; the next one asks again.
      this.#choicesAsked = false;
    }
  }

  /** @param {KernelLabState["picture"]} state */
  async #showPicture(state) {
    const turn = ++this.#pictureTurn;
    this.#camera.abort();
    try {
      const picture = await this.#load(state, turn);
      if (picture && turn === this.#pictureTurn) this.picture.value = picture;
    } catch (error) {
      if (turn !== this.#pictureTurn) return;
      const { code, details } = problemOf(error);
      this.#say(`error.${code}`, details);
      if (!this.picture.peek()) this.picture.value = await loadPhoto("cat");
    }
  }

  /**
   * @param {KernelLabState["picture"]} state
   * @param {number} turn
   * @returns {Promise<Picture | null>}  null if pictures come by themselves
   */
  async #load(state, turn) {
    switch (state.kind) {
      case "photo":
        return loadPhoto(state.name);
      case "pattern":
        return this.#engine.call("testPattern", state.name, PATTERN_SIZE, state.seed);
      case "drawing":
        return drawingToPicture(state.bits);
      case "upload":
        return this.#uploads.get(state.name) ?? this.#savedUpload(state.name);
      case "camera":
        return this.#watchCamera(turn);
    }
  }

  /** @param {string} name */
  async #savedUpload(name) {
    const saved = await loadUpload();
    if (!(saved instanceof File) || saved.name !== name) {
      throw new EngineError({ code: "link_upload_missing", message: name, details: { name } });
    }
    const { picture } = await loadFile(saved);
    this.#uploads.set(name, picture);
    return picture;
  }

  /**
   * A link alone never switches the camera on.
   * @param {number} turn
   */
  async #watchCamera(turn) {
    if (!this.#cameraWanted) {
      throw new EngineError({ code: "camera_off", message: "camera off", details: {} });
    }
    this.#camera = new AbortController();
    const { signal: stopped } = this.#camera;
    const onFrame = async (/** @type {Picture} */ picture) => {
      if (turn === this.#pictureTurn) this.picture.value = picture;
      await this.#outputShown;
    };
    const why = await startCamera({ onFrame, signal: stopped });
    if (why !== "stopped") this.#say(`pictures.camera.${why}`);
    return null;
  }
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
  return frame ? [Math.min(row, frame.height - 1), Math.min(col, frame.width - 1)] : [row, col];
}

/**
 * @param {Position} position
 * @param {Frame} frame
 */
function isWithin([row, col], frame) {
  return row < frame.height && col < frame.width;
}

/** @param {number} weight */
function bounded(weight) {
  return Math.max(-LIMITS.weight, Math.min(LIMITS.weight, weight));
}

/**
 * @param {string} name
 * @param {Map<string, unknown>} taken
 */
function unusedName(name, taken) {
  const short = name.slice(0, 80);
  let candidate = short;
  for (let count = 2; taken.has(candidate); count++) candidate = `${short} (${count})`;
  return candidate;
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
function problemOf(error) {
  const { code, message, details } = /** @type {Partial<Problem>} */ (error);
  return {
    code: code ?? "engine_failed",
    message: message ?? String(error),
    details: details ?? { reason: String(message ?? error) },
  };
}
