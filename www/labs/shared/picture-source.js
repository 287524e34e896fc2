/**
 * Where a lab's picture comes from: a photograph, a pattern, a drawing, an upload or the camera.
 *
 * @import { Asked } from "../../engine/protocol.js"
 * @import { Picture, PictureCalls } from "./core-types.js"
 * @import { PictureState } from "./lab-state.js"
 * @import { Say } from "./lab-model.js"
 */
import { signal } from "@preact/signals-core";
import { asset } from "../../engine/assets.js";
import { EngineError } from "../../engine/protocol.js";
import { startCamera } from "../../pictures/camera.js";
import { drawingToPicture } from "../../pictures/drawing.js";
import { encodePng, loadFile, loadPhoto } from "../../pictures/load.js";
import { smallPicture } from "../../pictures/small.js";
import { loadUpload, saveUpload } from "../../state/memory.js";
import { PATTERNS, SMALL } from "./lab-state.js";
import { problemOf } from "./problem.js";

/**
 * @template T
 * @typedef {import("@preact/signals-core").Signal<T>} Signal
 */

/** Side of the test patterns in pixels, the same as of the photographs. */
const PATTERN_SIZE = 256;
/** The one pixel of an impulse has to be seen. */
const IMPULSE_SIZE = 15;
const THUMBNAIL_SIZE = 40;
/** Shown where there is nothing else. */
const CAT = /** @type {const} */ ({ kind: "photo", name: "cat" });

export class PictureSource {
  /** @type {Signal<Picture | null>} */
  picture = signal(null);
  /** @type {Signal<Map<string, Picture>>}  small test patterns by name */
  patterns = signal(new Map());
  /** What is shown instead of the picture that the state names and that cannot be had.
   * @type {Signal<PictureState | null>} */
  instead = signal(null);

  #core;
  #say;
  #shown;
  /** @type {Map<string, Picture>} */
  #uploads = new Map();
  #cameraWanted = false;
  /** @type {AbortController} */
  #camera = new AbortController();
  #turn = 0;
  #patternsAsked = false;
  /** The picture on the screen. @type {PictureState} */
  #onScreen = CAT;

  /**
   * @param {Asked<PictureCalls>} core
   * @param {Say} say  shows a notice to the learner
   * @param {() => Promise<void>} shown  settles when what the last picture gave is on the screen
   */
  constructor(core, say, shown) {
    this.#core = core;
    this.#say = say;
    this.#shown = shown;
  }

  /**
   * Loads the picture that the state names. If that fails, the previous one stays.
   * @param {PictureState} state
   */
  async show(state) {
    const turn = ++this.#turn;
    this.#camera.abort();
    try {
      const picture = await this.#load(state, turn);
      if (turn !== this.#turn) return;
      if (picture) this.#take(picture);
      this.#onScreen = state;
      this.instead.value = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      const { code, details } = problemOf(error);
      this.#say(`error.${code}`, details);
      if (!this.picture.peek()) this.#take(await loadPhoto(CAT.name));
      this.instead.value = this.#onScreen;
    }
  }

  /** Switches the camera off and drops pictures that are still loading. */
  stop() {
    this.#camera.abort();
    this.#turn++;
  }

  /**
   * A link alone never switches the camera on: the learner must have chosen it here.
   * @param {PictureState} state
   */
  allow({ kind }) {
    this.#cameraWanted = kind === "camera";
  }

  /**
   * Loads a file as the upload of that name.
   * @param {Blob} file
   * @param {string} name  shown to the learner
   * @param {(picture: PictureState) => void} choose  makes it the lab's picture
   * @throws {EngineError} why it is not a picture
   */
  async open(file, name, choose) {
    const { picture, original, scaled, animated } = await loadFile(file);
    const label = unusedName(name, this.#uploads);
    this.#uploads.set(label, picture);
    choose({ kind: "upload", name: label });
    if (scaled) {
      const { width: fromWidth, height: fromHeight } = original;
      const { width: toWidth, height: toHeight } = picture;
      this.#say("pictures.scaled", { fromWidth, fromHeight, toWidth, toHeight });
    } else if (animated) this.#say("pictures.first_frame");
    await saveUpload(new File([await encodePng(picture)], label, { type: "image/png" }));
  }

  /** Draws the thumbnails of the patterns; a second call does so only if the first failed. */
  async loadPatterns() {
    if (this.#patternsAsked) return;
    this.#patternsAsked = true;
    try {
      const drawn = await Promise.all(
        PATTERNS.map((name) => this.#core.testPattern(name, THUMBNAIL_SIZE, 1)),
      );
      this.patterns.value = new Map([
        [SMALL, smallPicture()],
        ...PATTERNS.map((name, index) => /** @type {[string, Picture]} */ ([name, drawn[index]])),
      ]);
    } catch {
      // The lab's main answer reports why the engine failed; the next one retries this.
      this.#patternsAsked = false;
    }
  }

  /** @param {Picture} picture  that nobody changes any more */
  #take(picture) {
    this.picture.value = asset(picture);
  }

  /**
   * @param {PictureState} state
   * @param {number} turn
   * @returns {Promise<Picture | null>}  null if pictures arrive on their own
   */
  async #load(state, turn) {
    switch (state.kind) {
      case "photo":
        return loadPhoto(state.name);
      case "pattern":
        if (state.name === SMALL) return smallPicture();
        return this.#core.testPattern(state.name, sizeOf(state.name), state.seed);
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

  /** @param {number} turn */
  async #watchCamera(turn) {
    if (!this.#cameraWanted) {
      throw new EngineError({ code: "camera_off", message: "camera off", details: {} });
    }
    this.#camera = new AbortController();
    const { signal: stopped } = this.#camera;
    const onFrame = async (/** @type {Picture} */ picture) => {
      if (turn === this.#turn) this.#take(picture);
      await this.#shown();
    };
    const why = await startCamera({ onFrame, signal: stopped });
    if (why !== "stopped") this.#say(`pictures.camera.${why}`);
    return null;
  }
}

/** @param {string} pattern */
function sizeOf(pattern) {
  return pattern === "impulse" ? IMPULSE_SIZE : PATTERN_SIZE;
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
