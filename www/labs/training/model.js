/**
 * What the training lab knows and does, without a page: its state, its runs, and what is inside the
 * chosen one.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Inside, Picture, RateChange, SketchAnswer, Slowly, Spread, TrainingCore } from "./contract.js"
 * @import { Run } from "./runs.js"
 * @import { Setting, Settings } from "./settings.js"
 * @import { TrainingLabState } from "./state.js"
 */
import { batch, computed, signal } from "@preact/signals-core";
import { EngineModel } from "../shared/engine-model.js";
import { problemOf } from "../shared/problem.js";
import { steady } from "../shared/steady.js";
import { EXPERIMENTS } from "./experiments.js";
import { advanced, goesOn, latest, newRun } from "./runs.js";
import { DEFAULTS, needsDigits, specOf } from "./settings.js";
import { LIMITS, trainingLabState } from "./state.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/** @typedef {{ done: number, of: number, accuracies: number[][], spreads: Spread[] }} Repeats */
/** @typedef {1 | 20 | "max"} Speed  steps a second */

/** Seeds of a repetition. */
export const SEEDS = 5;
/** Milliseconds that all runs together may compute before the page shows how far they are. */
const SLICE_MS = 120;
/** What is inside is looked at for at most this share of the time. */
const INSIDE_SHARE = 0.2;
/** Training examples of each class in the gallery. */
const SHOWN = 8;

/** @augments {EngineModel<TrainingLabState, TrainingCore>} */
export class TrainingLabModel extends EngineModel {
  /** @type {Signal<Run[]>} */
  runs = signal([]);
  playing = signal(false);
  /** @type {Signal<Speed>} */
  speed = signal("max");
  /** The step that is looked at; null for the present. @type {Signal<number | null>} */
  past = signal(null);
  /** @type {Signal<Inside | null>}  of the chosen run */
  inside = signal(null);
  /** @type {Signal<Picture | null>}  what is drawn */
  drawing = signal(null);
  /** @type {Signal<SketchAnswer | null>} */
  answer = signal(null);
  /** @type {Signal<Repeats | null>}  the experiment repeated with other seeds */
  repeats = signal(null);
  /** True while the repetition runs. */
  repeating = signal(false);
  /** What is looked at step by step; null while the race is shown.
   * @type {Signal<{ example: number, kernel: number, cell: [row: number, column: number] } | null>} */
  question = signal(null);
  /** @type {Signal<Slowly | null>}  the answer to {@link question} */
  slowly = signal(null);
  /** @type {Signal<Picture[][]>}  training examples by class */
  gallery = signal([]);
  /** @type {Signal<Map<string, number[]>>}  planned rates by settings */
  rates = signal(new Map());

  #engines;
  #digits;
  /** Counts the sets of runs: what an older one answers is not taken. */
  #made = 0;
  #isLooping = false;
  /** Settles when the runs of the latest settings are made. */
  #opened = Promise.resolve();
  /** When the inside was last asked for, and how long that took. */
  #looked = { at: 0, took: 0 };

  /**
   * @param {EngineClient<TrainingCore>[]} engines
   * @param {() => Promise<string>} digits  the digits as text
   * @param {TrainingLabState} state  to begin with
   */
  constructor(engines, digits, state) {
    super(engines[0], trainingLabState, state);
    this.#engines = engines;
    this.#digits = digits;
    /** The settings of each run, whole. @type {import("@preact/signals-core").ReadonlySignal<Settings[]>} */
    this.settings = steady(() => {
      const { base, runs } = this.store.state.value;
      return runs.map((differs) => /** @type {Settings} */ ({ ...base, ...differs }));
    });
    /** The index of the run whose inside is shown. */
    this.chosen = computed(() => {
      const { chosen, runs } = this.store.state.value;
      return Math.min(chosen, runs.length - 1);
    });
    /** Steps that all runs that can go on have taken. */
    this.step = computed(() => {
      const going = this.runs.value.filter(goesOn);
      const steps = (going.length ? going : this.runs.value).map(({ step }) => step);
      return steps.length ? Math.min(...steps) : 0;
    });
    /** The step that is shown. */
    this.shownStep = computed(() => this.past.value ?? this.step.value);
    this.seed = computed(() => this.store.state.value.seed);
    this.changes = steady(() => this.store.state.value.changes);
  }

  /** @override */
  get shown() {
    const { runs, playing, speed, past, inside, drawing, answer, repeats, repeating } = this;
    const { gallery, rates, question, slowly } = this;
    return [
      ...super.shown,
      runs,
      playing,
      speed,
      past,
      inside,
      drawing,
      answer,
      repeats,
      repeating,
      gallery,
      rates,
      question,
      slowly,
    ];
  }

  /** @override */
  effects() {
    return [
      () => {
        const settings = this.settings.value;
        this.#opened = this.#open(settings, this.seed.value);
      },
      () => {
        void this.changes.value;
        if (this.runs.peek().length) void this.#goTo(this.step.peek());
      },
      () => {
        void [this.chosen.value, this.past.value, this.theme.value];
        void this.#look(true);
      },
      () => {
        void [this.drawing.value, this.chosen.value, this.past.value];
        void this.#answer();
      },
      () => {
        void [this.chosen.value, this.shownStep.value, this.theme.value, this.question.value];
        void this.#lookSlowly();
      },
    ];
  }

  /** @override */
  stop() {
    super.stop();
    this.pause();
    this.repeating.value = false;
    for (const engine of this.#engines) engine.cancel();
  }

  /** Stops everything that is being computed. @override */
  cancel = () => {
    this.pause();
    this.repeating.value = false;
    for (const engine of this.#engines) engine.cancel();
  };

  /** @param {string} name */
  choose(name) {
    const { base, runs } = EXPERIMENTS[name];
    this.set({
      experiment: name,
      base: /** @type {Settings} */ ({ ...DEFAULTS, ...base }),
      runs,
      changes: [],
      steps: 0,
    });
    this.play();
  }

  /**
   * Changes a setting: of one run where the runs differ in it, else of all.
   * @param {Setting} name
   * @param {any} value
   * @param {number | null} run
   */
  change(name, value, run = null) {
    const { base, runs } = this.store.state.peek();
    const patch =
      run === null
        ? { base: { ...base, [name]: value } }
        : { runs: runs.map((of, at) => (at === run ? { ...of, [name]: value } : of)) };
    this.pause();
    this.set({ ...patch, experiment: "own", changes: [], steps: 0 }, `${name} ${run}`);
  }

  /**
   * Lets a setting differ between the runs, or be the same for all.
   * @param {Setting} name
   * @param {boolean} differs
   */
  differ(name, differs) {
    const { base, runs } = this.store.state.peek();
    const kept = runs[this.chosen.peek()];
    this.set({
      experiment: "own",
      base: differs ? base : { ...base, [name]: kept[name] ?? base[name] },
      runs: runs.map((of) => {
        if (differs) return { ...of, [name]: base[name] };
        const { [name]: _, ...rest } = of;
        return rest;
      }),
      changes: [],
      steps: 0,
    });
  }

  addRun() {
    const { runs } = this.store.state.peek();
    if (runs.length === LIMITS.runs) return;
    this.set({
      experiment: "own",
      runs: [...runs, runs[this.chosen.peek()]],
      chosen: runs.length,
      changes: [],
      steps: 0,
    });
  }

  removeRun() {
    const { runs } = this.store.state.peek();
    const chosen = this.chosen.peek();
    if (runs.length === 1) return;
    this.set({
      experiment: "own",
      runs: runs.filter((_, at) => at !== chosen),
      chosen: Math.max(0, chosen - 1),
      changes: [],
      steps: 0,
    });
  }

  /** The rate of all runs, or of one, divided by ten from the next step on. @param {number | null} run */
  dropRate(run = null) {
    const { changes } = this.store.state.peek();
    if (changes.length === LIMITS.changes) return;
    this.set({ changes: [...changes, { step: this.step.peek(), factor: 0.1, run }] });
  }

  play() {
    if (this.repeating.peek()) return;
    this.past.value = null;
    this.playing.value = true;
    void this.#loop();
  }

  /** The step under way is still taken. */
  pause() {
    this.playing.value = false;
  }

  /** @param {number} count of steps */
  async takeSteps(count) {
    this.pause();
    this.past.value = null;
    await this.#opened;
    await this.#goTo(this.step.peek() + count);
    this.#keepStep();
    await this.#look(true);
  }

  /** The experiment with five seeds, to the step where the runs are or would be. */
  async repeat() {
    this.pause();
    await this.#opened;
    const { experiment, seed } = this.store.state.peek();
    const settings = this.settings.peek();
    const planned = EXPERIMENTS[experiment]?.steps ?? 400;
    const until = Math.max(this.step.peek(), planned);
    const made = this.#made;
    /** @type {number[][]} */
    const accuracies = settings.map(() => []);
    const work = settings.flatMap((_, run) =>
      Array.from({ length: SEEDS }, (_, number) => ({ run, number })),
    );
    work.sort((one, other) => one.number - other.number);
    const of = work.length;
    let done = 0;
    this.repeating.value = true;
    this.repeats.value = { done, of, accuracies, spreads: [] };
    const isWanted = () => this.repeating.peek() && made === this.#made;
    const digits = await this.#digitsFor(settings);
    const serve = async (/** @type {number} */ lane) => {
      for (let job = work.shift(); job && isWanted(); job = work.shift()) {
        const { run, number } = job;
        const spec = specOf(settings[run], seed + number);
        const fresh = newRun({ spec, digits }, this.#engines[lane]);
        const changes = this.#changesOf(run);
        let now = fresh;
        for (let step = 0; step < until && goesOn(now) && isWanted(); ) {
          step = Math.min(until, step + 100);
          now = await advanced(now, step, changes);
        }
        if (!isWanted()) return;
        accuracies[run][number] = latest(now)?.heldOutAccuracy ?? 0;
        done++;
        this.repeats.value = { done, of, accuracies, spreads: [] };
      }
    };
    await Promise.all(this.#engines.map((_, lane) => serve(lane)));
    if (!isWanted()) {
      this.repeats.value = null;
    } else {
      const spreads = await Promise.all(accuracies.map((values) => this.core.spread(values)));
      this.repeats.value = { done, of, accuracies, spreads };
    }
    this.repeating.value = false;
  }

  /** Looks at one step, slowly: which example, and which weight of the first layer. */
  slow(patch = {}) {
    this.pause();
    const { example, kernel, cell } = this.question.peek() ?? {
      example: 0,
      kernel: 0,
      cell: [1, 1],
    };
    this.question.value = {
      example,
      kernel,
      cell: /** @type {[number, number]} */ (cell),
      ...patch,
    };
  }

  /** Back to the race. */
  endSlow() {
    this.question.value = null;
    this.slowly.value = null;
  }

  /** Looks at training examples. */
  async showGallery() {
    const run = this.runs.peek()[this.chosen.peek()];
    if (!run) return;
    await this.requestInto(this.gallery, "gallery", () =>
      run.core.gallery(run.settings, SHOWN, this.theme.peek()),
    );
  }

  /**
   * The rates that settings plan, at steps that are spread evenly.
   * @param {Settings} settings
   * @param {number[]} steps
   */
  plannedRates(settings, steps) {
    const spec = specOf(settings, 0);
    const key = JSON.stringify([spec.training, steps]);
    const known = this.rates.peek().get(key);
    if (!known) {
      void this.request(`rates ${key}`, () => this.core.plannedRates(spec, steps)).then((found) => {
        if (found?.answer) this.rates.value = new Map(this.rates.peek()).set(key, found.answer);
      });
    }
    return known ?? [];
  }

  /**
   * @param {Settings[]} settings
   * @param {number} seed
   */
  async #open(settings, seed) {
    const made = ++this.#made;
    batch(() => {
      this.past.value = null;
      this.repeats.value = null;
      this.repeating.value = false;
      this.inside.value = null;
      this.gallery.value = [];
      this.answer.value = null;
      this.endSlow();
    });
    const until = this.store.state.peek().steps;
    try {
      const digits = await this.#digitsFor(settings);
      if (made !== this.#made) return;
      this.runs.value = settings.map((of, at) =>
        newRun(
          { spec: specOf(of, seed), digits: needsDigits(of) ? digits : null },
          this.#engines[at % this.#engines.length],
        ),
      );
      await this.#goTo(until);
      if (made !== this.#made) return;
      this.#tellProblem();
      await this.#look(true);
    } catch (error) {
      if (made === this.#made) this.problem.value = problemOf(error);
    }
  }

  /** @param {Settings[]} settings */
  async #digitsFor(settings) {
    return settings.some(needsDigits) ? this.#digits() : null;
  }

  #tellProblem() {
    const refused = this.runs.peek().find(({ problem }) => problem);
    this.problem.value = refused?.problem ?? null;
  }

  /** Runs step for step while it plays. */
  async #loop() {
    if (this.#isLooping) return;
    this.#isLooping = true;
    let steps = 1;
    while (this.playing.peek()) {
      await this.#opened;
      const speed = this.speed.peek();
      const before = performance.now();
      const count = speed === "max" ? steps : 1;
      await this.#goTo(this.step.peek() + count);
      const took = performance.now() - before;
      steps = Math.round(Math.min(500, Math.max(1, (count * SLICE_MS) / Math.max(1, took))));
      if (!this.runs.peek().some(goesOn) || this.step.peek() >= LIMITS.steps) this.pause();
      if (!document.hidden) await this.#look();
      const wait = speed === "max" ? 0 : 1000 / speed - (performance.now() - before);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
    this.#isLooping = false;
    this.#keepStep();
    await this.#look(true);
  }

  /** Takes all runs to a step. @param {number} until */
  async #goTo(until) {
    const made = this.#made;
    const before = this.runs.peek();
    const after = await Promise.all(
      before.map((run, at) => advanced(run, Math.min(until, LIMITS.steps), this.#changesOf(at))),
    );
    if (made === this.#made) this.runs.value = after;
  }

  /** @param {number} at @returns {RateChange[]} */
  #changesOf(at) {
    return this.store.state
      .peek()
      .changes.filter(({ run }) => run === null || run === at)
      .map(({ step, factor }) => ({ step, factor }));
  }

  /** Notes where the runs are, so that a link leads there; no step of undo. */
  #keepStep() {
    const state = this.store.state.peek();
    const steps = this.step.peek();
    if (state.steps !== steps) this.store.replace({ ...state, steps });
  }

  /**
   * Looks inside the chosen run, if it is time for it.
   * @param {boolean} [now]
   */
  async #look(now = false) {
    const run = this.runs.peek()[this.chosen.peek()];
    if (!run || run.problem) return;
    const { at, took } = this.#looked;
    if (!now && performance.now() - at < took / INSIDE_SHARE) return;
    const before = performance.now();
    const step = this.past.peek() ?? run.step;
    await this.requestInto(this.inside, "inside", () =>
      run.core.inside(run.settings, step, this.theme.peek()),
    );
    await this.#answer();
    this.#looked = { at: performance.now(), took: performance.now() - before };
  }

  async #lookSlowly() {
    const [run, question] = [this.runs.peek()[this.chosen.peek()], this.question.peek()];
    if (!run || run.problem || !question) return;
    const step = this.past.peek() ?? run.step;
    await this.requestInto(this.slowly, "slowly", () =>
      run.core.slowly(run.settings, { step, ...question }, this.theme.peek()),
    );
  }

  async #answer() {
    const [run, drawing] = [this.runs.peek()[this.chosen.peek()], this.drawing.peek()];
    if (!drawing) {
      this.answer.value = null;
      return;
    }
    if (!run || run.problem) return;
    const step = this.past.peek() ?? run.step;
    await this.requestInto(this.answer, "answer", () =>
      run.core.answer(run.settings, step, drawing),
    );
  }
}
