/**
 * @import { KernelLabState } from "../state/kernel-lab-state.js"
 */
import { effect } from "@preact/signals-core";
import { LitElement } from "lit";
import { engine } from "../engine/engine.js";
import { language, number, setLanguage, t } from "../i18n/index.js";
import { Localized } from "../i18n/localized.js";
import { KernelLabModel } from "../labs/kernel-lab.js";
import { encodePng } from "../pictures/load.js";
import { imageFromTransfer } from "../pictures/transfer.js";
import { defaultState, parseState } from "../state/kernel-lab-state.js";
import { readLink, writeLink } from "../state/permalink.js";
import { downloadBlob } from "./download.js";
import { emit } from "./emit.js";
import { kernelLabStyles } from "./kernel-lab-styles.js";
import { kernelLabView } from "./kernel-lab-view.js";
import { readable } from "./readable-number.js";
import { controls, themeOf, tokens } from "./shared-styles.js";

/** Safari takes at most 100 changes of the address in 30 s. */
const HASH_PAUSE_MS = 400;
/** A screen reader is told of a result once the hand rests. */
const ANNOUNCE_PAUSE_MS = 800;
const DONE_MS = 2500;

/**
 * The kernel lab: a picture, a kernel to paint, the convolved picture, and one of its pixels
 * explained.
 *
 * Attributes: `state`, the JSON of the lab's state; `hash`, to keep the state in the page's
 * address; `theme`, `light`, `dark` or `auto`; `lang`, `en` or `ru`.
 * @fires cnn-change - `{ state }`, whenever the state has changed
 */
export class KernelLabElement extends Localized(LitElement) {
  static properties = {
    hash: { type: Boolean },
    theme: { reflect: true },
    lang: {},
    view: { state: true },
    unlinked: { state: true },
    status: { state: true },
    done: { state: true },
    gridProblem: { state: true },
    pasteProblem: { state: true },
  };

  static styles = [tokens, controls, kernelLabStyles];

  /** @type {(() => void)[]} */
  #disposers = [];
  /** @type {KernelLabState | null}  given before the lab was connected */
  #given = null;
  /** @type {KernelLabModel | null} */
  #model = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hashTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announceTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #doneTimer;
  /** The chosen pixel when something was said last; before that, the first one. */
  #saidPlace = "";

  constructor() {
    super();
    this.hash = false;
    /** @type {string | undefined} */
    this.theme = undefined;
    /** View of both maps; null shows everything. @type {{ zoom: number, row: number, col: number } | null} */
    this.view = null;
    /** Options whose two axes are set apart. @type {ReadonlySet<string>} */
    this.unlinked = new Set();
    /** Said politely. */
    this.status = "";
    /** The action that is confirmed at present. */
    this.done = "";
    /** @type {{ row: number, col: number, message: string } | null} */
    this.gridProblem = null;
    /** @type {{ text: string, message: string } | null} */
    this.pasteProblem = null;
  }

  /**
   * The whole state as plain JSON; set it to open another one. What is not valid is refused with a
   * notice, and the present state stays.
   * @returns {KernelLabState}
   */
  get state() {
    return this.#model?.store.state.peek() ?? this.#given ?? defaultState();
  }

  set state(value) {
    const { state, problem } = parseState(value);
    if (!state) this.#report(problem);
    else if (this.#model) this.#model.set(state);
    else this.#given = state;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.lang) setLanguage(this.lang);
    const link = this.hash ? readLink(location.hash) : null;
    const attribute = this.getAttribute("state");
    const stated = attribute === null ? null : parseState(jsonOf(attribute));
    const first = this.#given ?? stated?.state ?? link?.state ?? defaultState();
    const model = this.#model ?? new KernelLabModel(engine, first);
    this.#model = model;
    model.theme.value = themeOf(this);
    model.start();
    const refused = stated?.problem ?? link?.problem;
    if (refused) this.#report(refused, "usual");
    const preference = matchMedia("(prefers-color-scheme: dark)");
    const themed = () => {
      model.theme.value = themeOf(this);
    };
    const themes = new MutationObserver(themed);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme", "class", "style"] });
    preference.addEventListener("change", themed);
    addEventListener("hashchange", this.#openLink);
    addEventListener("pagehide", this.#writeLink);
    this.addEventListener("keydown", this.#keydown);
    this.addEventListener("paste", this.#paste);
    this.addEventListener("dragover", this.#dragover);
    this.addEventListener("drop", this.#drop);
    document.addEventListener("paste", this.#pasteOutside);
    this.#disposers = [
      () => model.stop(),
      () => themes.disconnect(),
      () => preference.removeEventListener("change", themed),
      () => removeEventListener("hashchange", this.#openLink),
      () => removeEventListener("pagehide", this.#writeLink),
      () => this.removeEventListener("keydown", this.#keydown),
      () => this.removeEventListener("paste", this.#paste),
      () => this.removeEventListener("dragover", this.#dragover),
      () => this.removeEventListener("drop", this.#drop),
      () => document.removeEventListener("paste", this.#pasteOutside),
      effect(() => this.#follow(model)),
      effect(() => {
        void language.value;
        this.#keepLink(model.store.state.value);
      }),
      effect(() => this.#announce(model)),
    ];
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    for (const dispose of this.#disposers) dispose();
    this.#disposers = [];
    clearTimeout(this.#hashTimer);
    clearTimeout(this.#announceTimer);
    clearTimeout(this.#doneTimer);
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    if (changed.has("theme") && this.#model) this.#model.theme.value = themeOf(this);
  }

  /** @override */
  render() {
    return this.#model && kernelLabView(this.#model, this);
  }

  /**
   * @param {string} text
   * @param {string} action
   */
  async copy(text, action) {
    try {
      await navigator.clipboard.writeText(text);
      this.confirm(action);
    } catch {
      this.#report({ code: "clipboard_denied", details: {} });
    }
  }

  async copyLink() {
    const hash = writeLink("kernel", this.state, language.peek());
    if (this.hash) history.replaceState(history.state, "", hash);
    await this.copy(new URL(hash, location.href).href, "link");
    const { kind } = this.state.picture;
    if (kind === "upload" || kind === "camera")
      this.#report({ code: "link_without_picture", details: {} });
  }

  async savePng() {
    const frame = this.#model?.frame.peek();
    if (!frame) return;
    downloadBlob(await encodePng(frame), "cnn-playground-output.png");
  }

  async saveCsv() {
    const csv = await this.#model?.csv();
    if (csv) downloadBlob(new Blob([csv], { type: "text/csv" }), "cnn-playground-output.csv");
  }

  /** Everything as at first; one step of undo brings it back. */
  reset() {
    this.view = null;
    this.unlinked = new Set();
    this.#model?.set(defaultState());
  }

  /** @param {{ zoom: number, row: number, col: number }} view */
  look(view) {
    this.view = view.zoom > 1 ? view : null;
  }

  /**
   * @param {string} name  of an option with a value for each axis
   * @param {boolean} isLinked
   */
  link(name, isLinked) {
    const unlinked = new Set(this.unlinked);
    if (isLinked) unlinked.delete(name);
    else unlinked.add(name);
    this.unlinked = unlinked;
  }

  /** @param {{ row: number, col: number, text: string }} typed */
  async typeWeight({ row, col, text }) {
    const problem = await this.#model?.type(row, col, text);
    this.gridProblem = problem ? { row, col, message: sentence(problem) } : null;
  }

  /** @param {string} text */
  async pasteKernel(text) {
    const problem = await this.#model?.paste(text);
    this.pasteProblem = problem ? { text, message: sentence(problem) } : null;
  }

  /** @param {Blob} file */
  async openFile(file) {
    const name = file instanceof File && file.name ? file.name : t("lab.pasted");
    this.refuse(await this.#model?.openFile(file, name));
  }

  /** @param {import("../engine/protocol.js").Frame} frame */
  outputWords({ width, height, legend }) {
    const [min, max] = [number(legend.valueMin), number(legend.valueMax)];
    return t("lab.output.alt", { width, height, min, max });
  }

  /** @param {string} action  shown as done for a while */
  confirm(action) {
    this.done = action;
    this.status = t("lab.copied");
    clearTimeout(this.#doneTimer);
    this.#doneTimer = setTimeout(() => {
      this.done = "";
    }, DONE_MS);
  }

  /** @param {{ code: string, details: Record<string, unknown> } | null | undefined} problem */
  refuse(problem) {
    if (problem) this.#report(problem);
  }

  /**
   * @param {{ code: string, details: Record<string, unknown> }} problem
   * @param {"present" | "usual"} shown  the state that stands in for a refused one
   */
  #report({ code, details }, shown = "present") {
    const model = this.#model;
    if (model) model.notice.value = { key: `error.${code}`, params: { ...details, shown } };
  }

  /**
   * Renders again when anything shown has changed.
   * @param {KernelLabModel} model
   */
  #follow(model) {
    for (const shown of model.shown) void shown.value;
    this.requestUpdate();
  }

  /** @param {KernelLabState} state */
  #keepLink(state) {
    emit(this, "cnn-change", { state });
    if (!this.hash) return;
    clearTimeout(this.#hashTimer);
    this.#hashTimer = setTimeout(this.#writeLink, HASH_PAUSE_MS);
  }

  /** Also called when the page goes, so that a reload right after a change keeps it. */
  #writeLink = () => {
    clearTimeout(this.#hashTimer);
    if (!this.hash) return;
    const hash = writeLink("kernel", this.state, language.peek());
    if (hash !== location.hash) history.replaceState(history.state, "", hash);
  };

  #openLink = () => {
    if (!this.hash) return;
    const { state, problem, language: code } = readLink(location.hash);
    if (code) setLanguage(code);
    if (!problem) return this.#model?.set(state);
    this.#report(problem);
    // A reload shall bring back what is on the screen, not the link that was refused.
    history.replaceState(history.state, "", writeLink("kernel", this.state, language.peek()));
  };

  /**
   * Says what is new: why there is no output, which pixel was picked, or what the output is.
   * @param {KernelLabModel} model
   */
  #announce(model) {
    const [frame, problem, inspection] = [
      model.frame.value,
      model.problem.value,
      model.inspection.value,
    ];
    const place = String(model.store.state.value.position);
    clearTimeout(this.#announceTimer);
    if (!frame || model.hovered.value) return;
    this.#saidPlace ||= place;
    this.#announceTimer = setTimeout(() => {
      const isPicked = inspection !== null && place !== this.#saidPlace;
      this.#saidPlace = place;
      if (problem) this.status = sentence(problem);
      else this.status = isPicked ? pixelWords(inspection) : this.outputWords(frame);
    }, ANNOUNCE_PAUSE_MS);
  }

  /** @param {KeyboardEvent} event */
  #keydown = (event) => {
    const model = this.#model;
    if (!model) return;
    if (event.key === "Escape") {
      if (model.busy.peek()) model.cancel();
      model.endSlide();
      model.notice.value = null;
      return;
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event)) return;
    const key = letterOf(event);
    if (key === "z" && !event.shiftKey) model.store.undo();
    else if (key === "y" || key === "z") model.store.redo();
    else return;
    event.preventDefault();
  };

  /** @param {ClipboardEvent} event */
  #paste = async (event) => {
    const file = event.clipboardData && imageFromTransfer(event.clipboardData);
    if (!file || isTyping(event)) return;
    event.preventDefault();
    await this.openFile(file);
  };

  /**
   * With the focus nowhere, the lab that keeps the page's address takes the picture.
   * @param {ClipboardEvent} event
   */
  #pasteOutside = (event) => {
    if (this.hash && event.target === document.body) void this.#paste(event);
  };

  /**
   * A file dropped beside the picker would otherwise take the place of the page.
   * @param {DragEvent} event
   */
  #dragover = (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };

  /** @param {DragEvent} event */
  #drop = async (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file || event.defaultPrevented) return;
    event.preventDefault();
    await this.openFile(file);
  };
}

/** @param {{ code: string, details: Record<string, unknown> }} problem */
function sentence({ code, details }) {
  return t(`error.${code}`, details);
}

/** @param {import("../engine/protocol.js").Inspection} inspection */
function pixelWords({ row, col, value }) {
  return t("lab.pixel.spoken", { row, column: col, value: readable(value) });
}

/**
 * The Latin letter of a key; on another alphabet's layout, the one in its place.
 * @param {KeyboardEvent} event
 */
function letterOf({ key, code }) {
  return (/^[a-z]$/i.test(key) ? key : code.replace("Key", "")).toLowerCase();
}

/**
 * Whether an event comes from a field that has its own undo and its own clipboard.
 * @param {Event} event
 */
function isTyping(event) {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.type !== "range")
  );
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
