/**
 * Page objects of the labs: the opened page, controls by name, canvases.
 *
 * @import { Locator, Page } from "@playwright/test"
 * @import { KernelLabState } from "../../../www/labs/kernel/state.js"
 * @import { Picture, Theme } from "./reference.js"
 */
import { readFile } from "node:fs/promises";
import { test as base, expect } from "@playwright/test";
import { kernelLabState } from "../../../www/labs/kernel/state.js";
import { writeLink } from "../../../www/state/permalink.js";
import { extremes, inputPicture, outputValues, painted } from "./reference.js";

export { expect };

/** A test on an open lab; any error that the page reports fails it. */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ lab: Lab }, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    lab: async ({ page }, use) => {
      const lab = new Lab(page);
      await lab.open();
      await use(lab);
      expect(lab.errors).toEqual([]);
    },
  }),
);

/**
 * What every lab on the page has: a state, controls by name, reported errors.
 * @template {{ picture: import("../../../www/labs/shared/lab-state.js").PictureState }} S
 */
export class OpenLab {
  /** @type {string[]} what the page has reported as an error */
  errors = [];

  /**
   * @param {Page} page
   * @param {import("../../../www/labs/shared/lab-state.js").LabState<S>} kind
   */
  constructor(page, kind) {
    this.page = page;
    this.kind = kind;
    this.element = page.locator(`cnn-${kind.name}-lab`);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** Resolves once the lab's first answer is on the screen. */
  async ready() {}

  /**
   * Opens the page and waits for the first answer.
   * @param {string} [address]
   */
  async open(address = "./") {
    await this.page.goto(address);
    await this.ready();
  }

  /** Reloads the page once its address holds the current state. */
  async reload() {
    const [link] = writeLink(this.kind, await this.state()).split("&");
    await expect.poll(() => this.page.url()).toContain(link);
    await this.page.reload();
    await this.ready();
  }

  /** @returns {Promise<S>} */
  state() {
    return this.element.evaluate((element) => /** @type {any} */ (element).state);
  }

  /**
   * Sets part of the state through the element's property.
   * @param {Partial<S>} patch
   */
  async set(patch) {
    await this.element.evaluate(
      (element, fields) => {
        const lab = /** @type {any} */ (element);
        lab.state = { ...lab.state, .../** @type {any} */ (fields) };
      },
      /** @type {any} */ (patch),
    );
  }

  /**
   * Waits until the state has these fields.
   * @param {Partial<S>} fields
   */
  async expectState(fields) {
    await expect.poll(() => this.state()).toMatchObject(/** @type {any} */ (fields));
  }

  /**
   * Waits until a canvas is this picture, byte for byte.
   * @param {Locator} canvas
   * @param {Picture} picture
   */
  async expectCanvas(canvas, picture) {
    await expect
      .poll(async () => difference(await canvas.evaluate(readCanvas), picture))
      .toBe("none");
  }

  /**
   * The pixels of the photograph or drawing that the state names.
   * @returns {Promise<Picture>}
   */
  async picture() {
    const { picture } = await this.state();
    if (picture.kind === "photo") return photo(this.page, picture.name);
    if (picture.kind === "drawing") return drawing(picture.bits);
    throw new Error(`only the test knows the pixels of a ${picture.kind}`);
  }

  /**
   * A number field by its label.
   * @param {string} label
   */
  stepper(label) {
    return this.page.getByRole("spinbutton", { name: label, exact: true, includeHidden: true });
  }

  /**
   * Types a number into a field.
   * @param {string} label
   * @param {string} text
   */
  async fill(label, text) {
    await this.unfolded(this.stepper(label), async (stepper) => {
      await stepper.fill(text);
      await stepper.press("Enter");
    });
  }

  /**
   * One of the choices of a group.
   * @param {string} group
   * @param {string} choice
   */
  choice(group, choice) {
    return this.page
      .getByRole("radiogroup", { name: group, exact: true, includeHidden: true })
      .getByRole("radio", { name: choice, exact: true, includeHidden: true });
  }

  /**
   * @param {string} group
   * @param {string} choice
   */
  async choose(group, choice) {
    await this.unfolded(this.choice(group, choice), (control) => control.click());
    await expect(this.choice(group, choice)).toBeChecked();
  }

  /** @param {string} name */
  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /**
   * Presses a button that may be folded away.
   * @param {string} name
   */
  async press(name) {
    const button = this.page.getByRole("button", { name, exact: true, includeHidden: true });
    await this.unfolded(button.first(), (control) => control.click());
  }

  /**
   * Does something with a control; if it is in a popover, that is open meanwhile.
   * @param {Locator} control
   * @param {(control: Locator) => Promise<void>} act
   */
  async unfolded(control, act) {
    const wasFolded = await control.evaluate(openPopover);
    await act(control);
    if (wasFolded) await control.evaluate(closePopover).catch(() => {});
  }

  /** The text in the clipboard; the context needs permission to read it. */
  clipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}

/** @augments {OpenLab<KernelLabState>} */
export class Lab extends OpenLab {
  /** @param {Page} page */
  constructor(page) {
    super(page, kernelLabState);
    this.input = new FeatureMap(page.locator(".card.input cnn-feature-map"));
    this.output = new FeatureMap(page.locator(".card.output cnn-feature-map"));
    this.grid = page.locator("cnn-kernel-grid");
    this.inspector = page.locator(".pixel cnn-pixel-inspector:not([compact])");
  }

  /** @override */
  async ready() {
    await expect.poll(() => this.output.isPainted()).toBe(true);
  }

  /**
   * Waits until the output is what the reference computes for the state: the canvas byte for byte,
   * and the extremes to the last bit, because a symmetric range hides a common factor.
   * @param {Theme} [theme]
   * @param {Picture} [picture]  if the state does not determine it
   */
  async expectOutput(theme = "light", picture) {
    const state = await this.state();
    const values = outputValues(picture ?? (await this.picture()), state);
    await this.output.expectPixels(painted(values, state.display, theme));
    await expect.poll(() => this.output.extremes()).toEqual(extremes(values));
  }

  /**
   * Waits until the input canvas is the picture with its padding, byte for byte.
   * @param {Picture} [picture]  if the state does not determine it
   */
  async expectInput(picture) {
    const state = await this.state();
    await this.input.expectPixels(inputPicture(picture ?? (await this.picture()), state));
  }

  /**
   * A cell of the kernel grid.
   * @param {number} row
   * @param {number} col
   */
  cell(row, col) {
    return this.grid.locator(`[data-row="${row}"][data-column="${col}"]`);
  }

  /**
   * The middle of a cell of the kernel grid, in CSS px of the page.
   * @param {number} row
   * @param {number} col
   */
  async cellPoint(row, col) {
    const cell = this.cell(row, col);
    await cell.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await box(cell);
    return { x: x + width / 2, y: y + height / 2 };
  }
}

/** A picture with its overlay. */
export class FeatureMap {
  /** @param {Locator} element */
  constructor(element) {
    this.element = element;
    this.canvas = element.locator("canvas#picture");
    this.viewport = element.locator(".viewport");
    this.overlay = element.locator("svg.overlay");
  }

  isPainted() {
    return this.canvas.evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const pixels = /** @type {HTMLCanvasElement} */ (canvas)
        .getContext("2d")
        ?.getImageData(0, 0, width, height).data;
      return canvas.checkVisibility() && pixels?.[3] === 255;
    });
  }

  /** @returns {Promise<Picture>} */
  pixels() {
    return this.canvas.evaluate(readCanvas);
  }

  /** The smallest and the largest value that the legend was given. */
  extremes() {
    return this.element.locator("cnn-color-legend").evaluate((element) => {
      const { valueMin, valueMax } = /** @type {any} */ (element).legend;
      return [valueMin, valueMax];
    });
  }

  /**
   * Waits until the canvas is this picture, byte for byte.
   * @param {Picture} picture
   */
  async expectPixels(picture) {
    await expect.poll(async () => difference(await this.pixels(), picture)).toBe("none");
  }

  /**
   * The middle of a picture's pixel, in CSS px of the page.
   * @param {number} row
   * @param {number} col
   */
  async point(row, col) {
    await this.viewport.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await box(this.canvas);
    const size = await this.canvas.evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      return { width, height };
    });
    return {
      x: x + ((col + 0.5) / size.width) * width,
      y: y + ((row + 0.5) / size.height) * height,
    };
  }
}

/**
 * Runs in the page: opens the popover that an element is in, and says whether it was closed.
 * @param {Element} element
 */
function openPopover(element) {
  /** @type {Element | null} */
  let at = element;
  while (at && !at.matches("[popover]")) {
    const root = /** @type {ShadowRoot} */ (at.getRootNode());
    at = at.assignedSlot ?? at.parentElement ?? root.host ?? null;
  }
  if (!(at instanceof HTMLElement) || at.matches(":popover-open")) return false;
  // Opened where its button is, as by a click.
  const opener = /** @type {ShadowRoot} */ (at.getRootNode()).querySelector(
    `[popovertarget="${at.id}"]`,
  );
  opener?.scrollIntoView({ block: "center" });
  at.showPopover();
  return true;
}

/**
 * Runs in the page: closes the popover that an element is in.
 * @param {Element} element
 */
function closePopover(element) {
  /** @type {Element | null} */
  let at = element;
  while (at && !at.matches(":popover-open")) {
    const root = /** @type {ShadowRoot} */ (at.getRootNode());
    at = at.assignedSlot ?? at.parentElement ?? root.host ?? null;
  }
  if (at instanceof HTMLElement) at.hidePopover();
}

/**
 * A description of how two pictures differ; "none" if they do not.
 * @param {Picture} got
 * @param {Picture} wanted
 */
export function difference(got, wanted) {
  if (got.width !== wanted.width || got.height !== wanted.height) {
    return `${got.height} x ${got.width} instead of ${wanted.height} x ${wanted.width}`;
  }
  const color = (/** @type {Picture} */ { rgba }, /** @type {number} */ pixel) =>
    rgba.slice(4 * pixel, 4 * pixel + 4).join();
  const different = Array.from({ length: got.width * got.height }, (_, pixel) => pixel).filter(
    (pixel) =>
      [0, 1, 2, 3].some((byte) => got.rgba[4 * pixel + byte] !== wanted.rgba[4 * pixel + byte]),
  );
  if (different.length === 0) return "none";
  const [first] = different;
  const place = `row ${Math.floor(first / got.width)}, column ${first % got.width}`;
  return `${different.length} pixels; at ${place} ${color(got, first)} instead of ${color(wanted, first)}`;
}

/**
 * The pixels of a picture file, decoded by the browser independently of the page.
 * @param {Page} page
 * @param {Buffer} file
 * @returns {Promise<Picture>}
 */
export function decoded(page, file) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const { width, height } = bitmap;
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
      new OffscreenCanvas(width, height).getContext("2d")
    );
    context.drawImage(bitmap, 0, 0);
    return { width, height, rgba: context.getImageData(0, 0, width, height).data };
  }, file.toString("base64"));
}

/**
 * A PNG file of a picture.
 * @param {Page} page
 * @param {Picture} picture
 * @returns {Promise<Buffer>}
 */
export async function encoded(page, picture) {
  const bytes = await page.evaluate(async ({ width, height, rgba }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return new Uint8Array(await blob.arrayBuffer());
  }, picture);
  return Buffer.from(bytes);
}

/**
 * An opaque picture from a formula.
 * @param {number} width
 * @param {number} height
 * @param {(row: number, col: number) => number[]} colorOf  red, green, blue
 * @returns {Picture}
 */
export function pictureOf(width, height, colorOf) {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(colorOf(Math.floor(pixel / width), pixel % width), 4 * pixel);
  }
  return { width, height, rgba };
}

/**
 * A drawing of the lab's state, black on white.
 * @param {string} bits  base64 of 64 x 64 bits, the first pixel in the highest bit
 */
function drawing(bits) {
  const bytes = Buffer.from(bits, "base64");
  return pictureOf(64, 64, (row, col) => {
    const pixel = 64 * row + col;
    const isInk = (bytes[pixel >> 3] >> (7 - (pixel & 7))) & 1;
    return isInk ? [0, 0, 0] : [255, 255, 255];
  });
}

/** @type {Map<string, Promise<Picture>>} */
const photos = new Map();

/**
 * A photograph of the repository.
 * @param {Page} page  to decode it in
 * @param {string} name
 */
export function photo(page, name) {
  const known = photos.get(name);
  if (known) return known;
  const file = readFile(new URL(`../../../www/pictures/${name}.webp`, import.meta.url));
  const picture = file.then((bytes) => decoded(page, bytes));
  photos.set(name, picture);
  return picture;
}

/**
 * @param {Locator} locator
 * @returns {Promise<{ x: number, y: number, width: number, height: number }>}
 */
export async function box(locator) {
  const found = await locator.boundingBox();
  if (!found) throw new Error(`${locator} is not on the screen`);
  return found;
}

/**
 * Runs in the page.
 * @param {HTMLElement | SVGElement} element
 */
function readCanvas(element) {
  const canvas = /** @type {HTMLCanvasElement} */ (element);
  const { width, height } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  return { width, height, rgba: context.getImageData(0, 0, width, height).data };
}
