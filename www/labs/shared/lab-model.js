/**
 * What the models of labs with a picture share beside their engine.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Asked, Problem } from "../../engine/protocol.js"
 * @import { PictureCalls } from "./core-types.js"
 * @import { LabState, PictureState } from "./lab-state.js"
 */
import { computed } from "@preact/signals-core";
import { EngineModel } from "./engine-model.js";
import { PictureSource } from "./picture-source.js";

/**
 * @typedef {import("./engine-model.js").Notice} Notice
 * @typedef {(key: string, params?: Record<string, unknown>) => void} Say
 */

/**
 * @template {{ picture: PictureState }} S  the lab's state
 * @template {Asked<PictureCalls>} Core  what the lab asks of the core
 * @augments {EngineModel<S, Core>}
 */
export class LabModel extends EngineModel {
  /**
   * @param {EngineClient<Core>} engine
   * @param {LabState<S>} kind
   * @param {S} state  to begin with
   */
  constructor(engine, kind, state) {
    super(engine, kind, state);
    const say = /** @type {Say} */ ((key, params) => this.say(key, params));
    this.pictures = new PictureSource(engine.core, say, () => this.answered);
    this.picture = this.pictures.picture;
  }

  /** @override */
  get shown() {
    const { picture, patterns, instead } = this.pictures;
    return [...super.shown, picture, patterns, instead];
  }

  /** What is on the screen: the picture that the state names, unless it cannot be had. */
  get pictureShown() {
    return this.pictures.instead.value ?? this.store.state.value.picture;
  }

  /** @override */
  firstEffects() {
    const picture = computed(() => JSON.stringify(this.store.state.value.picture));
    return [() => void this.pictures.show(JSON.parse(picture.value))];
  }

  /** @override */
  stop() {
    super.stop();
    this.pictures.stop();
  }

  /**
   * @param {Blob} file
   * @param {string} name  as the learner knows it
   * @returns {Promise<Problem | null>}  why it was refused
   */
  openFile(file, name) {
    return this.enqueue(() =>
      this.pictures.open(file, name, (picture) => {
        this.#setPicture(picture);
        this.notice.value = null;
      }),
    );
  }

  /**
   * @param {PictureState} picture
   * @param {string} [merge]
   */
  choosePicture(picture, merge) {
    this.pictures.allow(picture);
    this.notice.value = null;
    this.#setPicture(picture, merge);
  }

  /**
   * @param {PictureState} picture
   * @param {string} [merge]
   */
  #setPicture(picture, merge) {
    this.store.set(/** @type {Partial<S>} */ ({ picture }), { merge });
  }
}
