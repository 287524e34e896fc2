/**
 * @import { EngineModel } from "./engine-model.js"
 * @import { LabModel } from "./lab-model.js"
 * @import { LabState, PictureState } from "./lab-state.js"
 */
import { effect } from "@preact/signals-core";
import { LitElement } from "lit";
import {
  currentLanguage,
  inLanguage,
  language,
  ownLanguages,
  setLanguage,
  t,
} from "../../i18n/index.js";
import { imageFromTransfer } from "../../pictures/transfer.js";
import { opensLab, readLink, writeLink } from "../../state/permalink.js";
import { emit } from "../../widgets/base/emit.js";
import { Localized, languageOf } from "../../widgets/base/localized.js";
import { themeOf } from "../../widgets/base/shared-styles.js";

/** Safari allows at most 100 `replaceState` calls per 30 s. */
const HASH_PAUSE_MS = 400;
/** Results are announced to screen readers once input has settled. */
const ANNOUNCE_PAUSE_MS = 800;
const DONE_MS = 2500;

const CAPTURE = { capture: true, passive: true };

/** As it is when the lab is loaded; in Node, where the elements can be imported, there is none. */
const nextFrame = globalThis.requestAnimationFrame?.bind(globalThis);

/** @typedef {import("../../widgets/map/map-geometry.js").View} View */

/**
 * What the elements of all labs share: the state as attribute, property, link and history; pasted
 * and dropped pictures; announcements.
 *
 * Attributes: `state`, the JSON of the lab's state; `hash`, to keep the state in the page's
 * address; `theme`, `light`, `dark` or `auto`; `lang`, `en` or `ru`.
 *
 * @template {object} S  the lab's state
 * @template {EngineModel<S, any>} M  the lab's model
 * @fires cnn-change - `{ state }`, whenever the state has changed
 */
export class LabElement extends Localized(LitElement) {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    hash: { type: Boolean },
    theme: { reflect: true },
    lang: {},
    status: { state: true },
    done: { state: true },
    view: { state: true },
    unlinked: { state: true },
    isDrawing: { state: true },
  };

  /** @type {(() => void)[]} */
  #disposers = [];
  /** @type {S | null}  given before the lab was connected */
  #given = null;
  /** @type {M | null} */
  #model = null;
  /** That of the last rendering; null before the first. @type {string | null} */
  #wasLanguage = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hashTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announceTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #doneTimer;

  constructor() {
    super();
    this.hash = false;
    /** @type {string | undefined} */
    this.theme = undefined;
    /** Text of the polite live region. */
    this.status = "";
    /** The action currently confirmed. */
    this.done = "";
    /** View of the lab's maps; null shows everything. @type {View | null} */
    this.view = null;
    /** Options whose two axes are unlinked. @type {ReadonlySet<string>} */
    this.unlinked = new Set();
    /** Whether the drawing pad is open. */
    this.isDrawing = false;
    this.#takeEarlyState();
  }

  /**
   * The lab's kind of state.
   * @abstract
   * @returns {LabState<S>}
   */
  get kind() {
    throw new Error("a lab names its kind of state");
  }

  /**
   * @abstract
   * @param {S} _state  to begin with
   * @returns {M}
   */
  createModel(_state) {
    throw new Error("a lab makes its model");
  }

  /**
   * The announcement for the current answer, made once input has settled; null for none. It is
   * called again whenever a signal that it reads changes.
   * @abstract
   * @param {M} _model
   * @returns {(() => string) | null}
   */
  announcement(_model) {
    return null;
  }

  /** Ends playing and pointing; called on Escape. */
  leave() {}

  /**
   * The whole state as plain JSON; set it to open another one. An invalid state is refused with a
   * notice, and the current one stays.
   * @returns {S}
   */
  get state() {
    return this.#model?.store.state.peek() ?? this.#given ?? this.kind.defaultState();
  }

  set state(value) {
    const { state, problem } = this.kind.parseState(value);
    if (problem) this.report(problem);
    else if (this.#model) this.#model.set(state);
    else this.#given = state;
  }

  /** The model, if the lab shows a picture. @returns {LabModel<any, any> | null} */
  get #pictured() {
    const model = /** @type {any} */ (this.#model);
    return model && "pictures" in model ? model : null;
  }

  /** @protected @returns {M | null}  null before the lab was first connected */
  get model() {
    return this.#model;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    const { model, refused } = this.#open();
    model.theme.value = themeOf(this);
    model.start();
    if (refused) this.report(refused, "default");
    const preference = matchMedia("(prefers-color-scheme: dark)");
    const themed = () => {
      model.theme.value = themeOf(this);
    };
    const themes = new MutationObserver(themed);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme", "class", "style"] });
    this.#disposers = [
      () => model.stop(),
      () => themes.disconnect(),
      on(preference, "change", themed),
      on(window, "hashchange", this.#openLink),
      on(window, "pagehide", this.#writeLink),
      ...["keydown", "click", "wheel"].map((type) => on(this, type, this.#catchUp, CAPTURE)),
      // What plays takes its next step from the place that was rendered.
      on(this, "scrub", () => queueMicrotask(this.#catchUp)),
      on(this, "keydown", this.#keydown),
      on(this, "paste", this.#paste),
      on(this, "dragover", this.#dragover),
      on(this, "drop", this.#drop),
      on(document, "paste", this.#pasteOutside),
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
   * The first rendering takes long: the engine is asked before it, so that both work in parallel.
   * Later there is one rendering per frame, however many answers arrive.
   * @override
   */
  async scheduleUpdate() {
    if (!this.hasUpdated) await new Promise((resolve) => setTimeout(resolve));
    else if (!document.hidden) await new Promise((resolve) => nextFrame(resolve));
    super.scheduleUpdate();
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    // The first rendering makes what is inside, which finds its language by itself.
    if (changed.has("lang") && this.#wasLanguage !== null) ownLanguages.value++;
    this.#wasLanguage = this.lang;
    if (changed.has("theme") && this.#model) this.#model.theme.value = themeOf(this);
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
      this.report({ code: "clipboard_denied", details: {} });
    }
  }

  async copyLink() {
    const hash = writeLink(this.kind, this.state, this.words(currentLanguage));
    if (this.hash) history.replaceState(history.state, "", hash);
    await this.copy(new URL(hash, location.href).href, "link");
    const { picture } = /** @type {{ picture?: PictureState }} */ (this.state);
    const kind = picture?.kind;
    if (kind === "upload" || kind === "camera")
      this.report({ code: "link_without_picture", details: {} });
  }

  /** @param {View} view */
  look(view) {
    this.view = view.zoom > 1 ? view : null;
  }

  /**
   * @param {string} name  of an option with one value per axis
   * @param {boolean} isLinked
   */
  link(name, isLinked) {
    const unlinked = new Set(this.unlinked);
    if (isLinked) unlinked.delete(name);
    else unlinked.add(name);
    this.unlinked = unlinked;
  }

  /** Restores the default state; one undo step brings the old one back. */
  reset() {
    this.view = null;
    this.unlinked = new Set();
    this.#model?.set(this.kind.defaultState());
  }

  /** @param {Blob} file */
  async openFile(file) {
    const name = file instanceof File && file.name ? file.name : this.words(() => t("lab.pasted"));
    this.refuse(await this.#pictured?.openFile(file, name));
  }

  /** @param {string} action  to show as done for a while */
  confirm(action) {
    this.done = action;
    this.status = this.words(() => t("lab.copied"));
    clearTimeout(this.#doneTimer);
    this.#doneTimer = setTimeout(() => {
      this.done = "";
    }, DONE_MS);
  }

  /**
   * What is said in this lab's language outside its rendering.
   * @template T
   * @param {() => T} say
   */
  words(say) {
    return inLanguage(languageOf(this), say);
  }

  /** @param {{ code: string, details: Record<string, unknown> } | null | undefined} problem */
  refuse(problem) {
    if (problem) this.report(problem);
  }

  /**
   * @protected
   * @param {{ code: string, details: Record<string, unknown> }} problem
   * @param {"present" | "default"} shown  the state shown instead of a refused one
   */
  report({ code, details }, shown = "present") {
    this.#model?.say(`error.${code}`, { ...details, shown });
  }

  /**
   * A state set before the element was defined is a plain property that would shadow the accessor.
   */
  #takeEarlyState() {
    if (!Object.hasOwn(this, "state")) return;
    const { state } = this;
    Reflect.deleteProperty(this, "state");
    this.state = state;
  }

  /**
   * The model with its initial state: the one set before, the attribute's, or the link's. A lab
   * that is connected again continues where it was, unless a link says otherwise.
   */
  #open() {
    const link = this.hash ? readLink(location.hash, this.kind) : null;
    if (this.#model) {
      if (link && !link.isBare && !link.problem) this.#model.set(link.state);
      return { model: this.#model, refused: link?.problem };
    }
    const attribute = this.getAttribute("state");
    const stated = attribute === null ? null : this.kind.parseState(jsonOf(attribute));
    const first = this.#given ?? stated?.state ?? link?.state ?? this.kind.defaultState();
    this.#model = this.createModel(first);
    return { model: this.#model, refused: stated?.problem ?? link?.problem };
  }

  /**
   * Renders again when anything shown has changed.
   * @param {M} model
   */
  #follow(model) {
    for (const shown of model.shown) void shown.value;
    this.requestUpdate();
  }

  /** @param {S} state */
  #keepLink(state) {
    emit(this, "cnn-change", { state });
    if (!this.hash) return;
    clearTimeout(this.#hashTimer);
    this.#hashTimer = setTimeout(this.#writeLink, HASH_PAUSE_MS);
  }

  /**
   * Updates the page's address, if this lab keeps its state there. Call it before leaving the lab,
   * so that going back or reloading finds the last change.
   */
  writeLink() {
    clearTimeout(this.#hashTimer);
    if (!this.hash || !this.isConnected) return;
    const hash = writeLink(this.kind, this.state, this.words(currentLanguage));
    if (hash !== location.hash) history.replaceState(history.state, "", hash);
  }

  /** Two keys or clicks within one frame: the second starts from what the first has led to. */
  #catchUp = () => {
    if (this.hasUpdated && this.isUpdatePending) this.performUpdate();
  };

  #writeLink = () => this.writeLink();

  #openLink = () => {
    if (!this.hash || !opensLab(location.hash, this.kind)) return;
    const { state, problem, language: code, isBare } = readLink(location.hash, this.kind);
    if (code) setLanguage(code);
    if (!problem && !isBare) return this.#model?.set(state);
    if (problem) this.report(problem);
    // Replace the rejected link, so that a reload restores the screen.
    this.#writeLink();
  };

  /** @param {M} model */
  #announce(model) {
    const words = this.announcement(model);
    clearTimeout(this.#announceTimer);
    if (!words) return;
    this.#announceTimer = setTimeout(() => {
      this.status = this.words(words);
    }, ANNOUNCE_PAUSE_MS);
  }

  /** @param {KeyboardEvent} event */
  #keydown = (event) => {
    const model = this.#model;
    if (!model) return;
    if (event.key === "Escape") {
      if (model.busy.peek()) model.cancel();
      this.leave();
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
    if (!file || isTyping(event) || !this.#pictured) return;
    event.preventDefault();
    await this.openFile(file);
  };

  /**
   * If nothing has the focus, the lab that owns the page's address takes the picture.
   * @param {ClipboardEvent} event
   */
  #pasteOutside = (event) => {
    if (this.hash && event.target === document.body) void this.#paste(event);
  };

  /**
   * A file dropped beside the picker would otherwise replace the page.
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

/**
 * A problem in words.
 * @param {{ code: string, details: Record<string, unknown> }} problem
 */
export function sentence({ code, details }) {
  return t(`error.${code}`, details);
}

/**
 * Listens until the function returned is called.
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => void} listener
 * @param {AddEventListenerOptions} [options]
 */
function on(target, type, listener, options) {
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

/**
 * The Latin letter of a key; on a non-Latin layout, the letter at the same position.
 * @param {KeyboardEvent} event
 */
function letterOf({ key, code }) {
  return (/^[a-z]$/i.test(key) ? key : code.replace("Key", "")).toLowerCase();
}

/**
 * Whether an event comes from a field with its own undo and clipboard.
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
