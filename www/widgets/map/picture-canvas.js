import { css, html, LitElement } from "lit";
import { paint } from "../../pictures/canvas.js";

/**
 * A small picture, one canvas pixel for each of its own, as wide as its place. What it shows is said
 * by what stands around it.
 */
export class PictureCanvasElement extends LitElement {
  static properties = {
    picture: { attribute: false },
  };

  static styles = css`
    :host {
      display: block;
    }
    canvas {
      display: block;
      inline-size: 100%;
      border-radius: inherit;
      background: var(--cnn-zero);
    }
    canvas.sharp {
      image-rendering: pixelated;
    }
  `;

  constructor() {
    super();
    /** @type {import("../../pictures/canvas.js").Picture | null} Null keeps an empty place. */
    this.picture = null;
  }

  render() {
    return html`<canvas width="1" height="1" aria-hidden="true"></canvas>`;
  }

  updated() {
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas"));
    if (!this.picture) return;
    paint(canvas, this.picture);
    canvas.classList.toggle("sharp", this.picture.width < canvas.clientWidth);
  }
}
