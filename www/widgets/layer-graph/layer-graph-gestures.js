/**
 * Pointer, touch and wheel gestures on a layer graph: point, click, drag, zoom.
 *
 * @typedef {[x: number, y: number]} At CSS px from the viewport's top left corner
 * @typedef {object} Surface what the gestures need from the graph
 * @property {() => HTMLElement} viewport the box that scrolls
 * @property {(factor: number, at: At) => void} zoomBy
 * @property {(event: PointerEvent) => void} point
 * @property {(event: PointerEvent) => void} click
 */
import { wheelZoom } from "../base/wheel.js";

/** Movement in CSS px up to which a press is still a click. */
const CLICK_SLOP = 4;

/** Attach each method to the event of the same name. */
export class GraphGestures {
  /** @type {{ id: number, x: number, y: number, left: number, top: number, isClick: boolean } | null} */
  #drag = null;
  /** The distance between two fingers; 0 unless there are two. */
  #spread = 0;

  /** @param {Surface} surface */
  constructor(surface) {
    this.surface = surface;
  }

  get isPressed() {
    return this.#drag !== null;
  }

  /** Zooms with Ctrl or Cmd held, which is also how a touch pad's pinch arrives. */
  wheel = {
    passive: false,
    /** @param {WheelEvent} event */
    handleEvent: (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.surface.zoomBy(wheelZoom(event), this.#at(event.clientX, event.clientY));
    },
  };

  touchmove = {
    passive: false,
    /** @param {TouchEvent} event */
    handleEvent: (event) => {
      const before = this.#spread;
      this.#spread = spreadOf(event);
      if (before === 0 || this.#spread === 0) return;
      event.preventDefault();
      const [first, second] = event.touches;
      const x = (first.clientX + second.clientX) / 2;
      const y = (first.clientY + second.clientY) / 2;
      this.surface.zoomBy(this.#spread / before, this.#at(x, y));
    },
  };

  /** @param {TouchEvent} event */
  touchstart = (event) => {
    this.#spread = spreadOf(event);
  };

  /** @param {PointerEvent} event */
  pointerdown = (event) => {
    if (event.button !== 0) return;
    const { scrollLeft: left, scrollTop: top } = this.surface.viewport();
    const { pointerId: id, clientX: x, clientY: y } = event;
    this.#drag = { id, x, y, left, top, isClick: true };
  };

  /** @param {PointerEvent} event */
  pointermove = (event) => {
    const drag = this.#drag;
    const isTouch = event.pointerType === "touch";
    if (!drag || drag.id !== event.pointerId) {
      if (!isTouch) this.surface.point(event);
      return;
    }
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (drag.isClick && Math.hypot(dx, dy) <= CLICK_SLOP) return;
    drag.isClick = false;
    // The browser scrolls the box under a finger by itself.
    if (isTouch) return;
    const viewport = this.surface.viewport();
    viewport.setPointerCapture(event.pointerId);
    viewport.classList.add("dragged");
    viewport.scrollTo(drag.left - dx, drag.top - dy);
  };

  /** @param {PointerEvent} event */
  pointerup = (event) => {
    const isClick = this.#drag?.isClick === true;
    this.pointercancel();
    if (isClick) this.surface.click(event);
  };

  pointercancel = () => {
    this.#drag = null;
    this.surface.viewport().classList.remove("dragged");
  };

  /**
   * @param {number} x
   * @param {number} y
   * @returns {At}
   */
  #at(x, y) {
    const { left, top } = this.surface.viewport().getBoundingClientRect();
    return [x - left, y - top];
  }
}

/** @param {TouchEvent} event */
function spreadOf({ touches: [first, second] }) {
  return second ? Math.hypot(first.clientX - second.clientX, first.clientY - second.clientY) : 0;
}
