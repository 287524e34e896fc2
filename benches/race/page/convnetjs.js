import { planOf } from "./plan.js";
import { product } from "./work.js";

/**
 * ConvNetJS: one layer of its own on a volume whose channels are last.
 *
 * @param {any} convnetjs
 * @param {import("./work.js").Work} work
 * @returns {import("./contest.js").Contestant}
 */
export function convNetJs(convnetjs, work) {
  const [step] = planOf(work);
  const [, channels, height, width] = work.input.shape;
  const frame = { in_sx: width, in_sy: height, in_depth: channels };
  const layer = layerOf(convnetjs, step, frame);
  const volume = new convnetjs.Vol(width, height, channels, 0);
  channelsLast(work.input.data, channels, volume.w);
  const run = () => layer.forward(volume, false);
  return {
    name: "ConvNetJS",
    run,
    output() {
      const { w } = run();
      const size = product(step.shape) / step.shape[0];
      return Float32Array.from(
        w,
        (_, at) => w[(at % size) * step.shape[0] + Math.floor(at / size)],
      );
    },
    free() {},
  };
}

/**
 * @param {any} convnetjs
 * @param {import("./plan.js").Step} step
 * @param {Record<string, number>} frame
 */
function layerOf(convnetjs, step, frame) {
  if (step.op === "pool" && step.kind === "max") {
    const { size, stride, padding } = step;
    return new convnetjs.PoolLayer({ ...frame, sx: size[0], stride: stride[0], pad: padding[0] });
  }
  if (step.op !== "conv" || step.groups > 1) throw new Error("has no such layer");
  const { weights, stride, padding } = step;
  const [filters, channels, rows] = weights.shape;
  const options = { sx: rows, filters, stride: stride[0], pad: padding[0], bias_pref: 0 };
  const layer = new convnetjs.ConvLayer({ ...frame, ...options });
  const size = weights.data.length / filters;
  for (let filter = 0; filter < filters; filter++) {
    const values = weights.data.subarray(filter * size, (filter + 1) * size);
    channelsLast(values, channels, layer.filters[filter].w);
  }
  return layer;
}

/**
 * @param {Float32Array} planes  one for each channel
 * @param {number} channels
 * @param {number[] | Float64Array} target
 */
export function channelsLast(planes, channels, target) {
  const size = planes.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < size; at++) target[at * channels + channel] = planes[channel * size + at];
  }
}
