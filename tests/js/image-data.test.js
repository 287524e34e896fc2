/** Where there is an `ImageData`, as in a page and its workers, pictures cross as such. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "../../www/engine/assets.js";
import { contract } from "../../www/labs/kernel/contract.js";
import { labCore } from "./lab-core.js";

/** As a browser's: its fields lie on the prototype, and it keeps the array that it is given. */
class StandIn {
  #data;
  #width;

  /**
   * @param {Uint8ClampedArray} data
   * @param {number} width
   * @param {number} height
   */
  constructor(data, width, height) {
    if (data.length === 0 || data.length !== 4 * width * height) throw new Error("IndexSizeError");
    this.#data = data;
    this.#width = width;
  }

  get data() {
    return this.#data;
  }

  get width() {
    return this.#width;
  }

  get height() {
    return this.#data.length / 4 / this.#width;
  }
}

const SPEC = { kernel: [[1]], color: "color", display: { kind: "clip" }, theme: "light" };

test("a picture goes in and comes out as ImageData", () => {
  Object.assign(globalThis, { ImageData: StandIn });
  const reply = labCore(contract, "kernel_lab");
  const data = Uint8ClampedArray.of(1, 2, 3, 255, 250, 251, 252, 255);
  const picture = asset(new StandIn(data, 1, 2));
  const { value } = reply("output", picture, SPEC);
  for (const [image, width, height] of [
    [value.picture, 1, 2],
    [value.legend.strip, 256, 1],
    [reply("testPattern", "noise", 3, 1).value, 3, 3],
    [reply("thumbnails", picture, SPEC, [[[1]]]).value[0], 1, 2],
  ]) {
    assert.ok(image instanceof StandIn);
    assert.deepEqual([image.width, image.height], [width, height]);
  }
  assert.deepEqual(value.picture.data, data);
  // A view of the memory of the module would change with it.
  assert.equal(value.picture.data.buffer.byteLength, data.length);
});
