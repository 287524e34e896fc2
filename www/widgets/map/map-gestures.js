/**
 * Pointer and wheel gestures on a map: hover, pick, drag, pinch and zoom.
 *
 * Viewport points are `[x, y]` in CSS px from the viewport's top left corner.
 * @typedef {[x: number, y: number]} At
 * @typedef {object} Surface what the gestures need from the map
 * @property {() => number} zoom the current zoom
 * @property {(at: At) => [row: number, col: number]} worldAt
 * @property {(zoom: number, anchor: [row: number, col: number], at: At) => boolean} look shows the
 * world point `anchor` at `at`; false if the view stays as it is
 * @property {(at: At) => void} hover
 * @property {(at: At) => void} select
 * @property {(at: At) => void} drop a drag over the whole map ends here
 * @property {() => void} leave
 */
import { wheelZoom } from "../base/wheel.js";

/** Movement in CSS px up to which a press is still a click. */
const CLICK_SLOP = { mouse: 4, pen: 6, touch: 10 };

/** Follows the pointers on one element; attach each method to the event of the same name. */
export class MapGestures {
  /** @type {Map<number, At>} Pressed pointers by id. */
  #pressed = new Map();
  /** Where the current drag or pinch started. */
  #start = {
    at: /** @type {At} */ ([0, 0]),
    anchor: /** @type {At} */ ([0, 0]),
    zoom: 1,
    spread: 0,
  };
  #isClick = false;
  #frame = 0;

  /** @param {Surface} surface */
  constructor(surface) {
    this.surface = surface;
  }

  /** @param {PointerEvent} event */
  pointerdown(event) {
    if (event.button !== 0) return;
    this.#isClick = this.#pressed.size === 0;
    this.#pressed.set(event.pointerId, pointOf(event));
    this.#begin();
  }

  /** @param {PointerEvent} event */
  pointermove(event) {
    const at = pointOf(event);
    if (!this.#pressed.has(event.pointerId)) {
      if (event.pointerType !== "touch") this.#hover(at);
      return;
    }
    this.#pressed.set(event.pointerId, at);
    const slop = CLICK_SLOP[/** @type {"mouse"} */ (event.pointerType)] ?? CLICK_SLOP.mouse;
    if (this.#isClick && distance(at, this.#start.at) <= slop) return;
    this.#isClick = false;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    if (this.#pressed.size > 1 || this.surface.zoom() > 1) this.#drag();
    else if (event.pointerType !== "touch") this.#hover(at);
  }

  /** @param {PointerEvent} event */
  pointerup(event) {
    const wasPressed = this.#release(event);
    const isDragOver = !this.#isClick && this.#pressed.size === 0 && this.surface.zoom() <= 1;
    if (wasPressed && this.#isClick) this.surface.select(pointOf(event));
    else if (wasPressed && isDragOver && event.pointerType !== "touch") {
      this.surface.drop(pointOf(event));
    }
    this.#isClick = false;
  }

  /** @param {PointerEvent} event */
  pointercancel(event) {
    this.#release(event);
    this.#isClick = false;
  }

  /** @param {PointerEvent} event */
  pointerleave(event) {
    if (event.pointerType === "touch") return;
    this.stop();
    this.surface.leave();
  }

  /** Keeps the browser from scrolling the page under a pinch. @param {TouchEvent} event */
  touchmove(event) {
    if (event.touches.length > 1) event.preventDefault();
  }

  /**
   * Zooms by the wheel with Ctrl or Cmd held, which is also how a touch pad's pinch arrives; by
   * the wheel alone only if `isFocused`, and not past the ends, where the page scrolls instead.
   * @param {WheelEvent} event
   * @param {boolean} isFocused
   */
  wheel(event, isFocused) {
    const isMeant = event.ctrlKey || event.metaKey;
    if (!isMeant && !isFocused) return;
    const at = pointOf(event);
    const zoom = this.surface.zoom() * wheelZoom(event);
    const changed = this.surface.look(zoom, this.surface.worldAt(at), at);
    if (isMeant || changed) event.preventDefault();
  }

  /** Discards a hover that has not been reported yet. */
  stop() {
    cancelAnimationFrame(this.#frame);
  }

  /** @param {At} at */
  #hover(at) {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.surface.hover(at));
  }

  #begin() {
    const { middle, spread } = this.#grip();
    this.#start = {
      at: middle,
      anchor: this.surface.worldAt(middle),
      zoom: this.surface.zoom(),
      spread,
    };
  }

  #drag() {
    const { middle, spread } = this.#grip();
    const { zoom, anchor, spread: before } = this.#start;
    this.surface.look(before > 0 ? (zoom * spread) / before : zoom, anchor, middle);
  }

  /** The centre of the pressed pointers, and the distance between the first two. */
  #grip() {
    const [first, second] = this.#pressed.values();
    if (!second) return { middle: first, spread: 0 };
    const middle = /** @type {At} */ ([(first[0] + second[0]) / 2, (first[1] + second[1]) / 2]);
    return { middle, spread: distance(first, second) };
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const wasPressed = this.#pressed.delete(event.pointerId);
    if (wasPressed && this.#pressed.size > 0) this.#begin();
    return wasPressed;
  }
}

/**
 * @param {MouseEvent} event
 * @returns {At}
 */
function pointOf(event) {
  const { left, top } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

/**
 * @param {At} a
 * @param {At} b
 */
function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
