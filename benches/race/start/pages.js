import { onnxModel } from "../page/onnx/model.js";

/**
 * Equal pages, as small as a page can be that shows a convolution with a tool: its files, an input of
 * 28x28 pixels, 8 kernels of 3x3, and a picture of the first feature map.
 */

const SIDE = 28;
const KERNELS = 8;

/** What every page has: the same numbers, and the same way of showing the result. */
const COMMON = `
const image = Float32Array.from({ length: ${SIDE * SIDE} }, (_, at) => (at * 7) % 16 / 16);
const kernels = Float32Array.from({ length: ${KERNELS * 9} }, (_, at) => (at * 5) % 9 - 4);
function show(map) {
  const canvas = document.querySelector("canvas");
  const pixels = new ImageData(${SIDE}, ${SIDE});
  for (let at = 0; at < map.length; at++) {
    pixels.data.fill(128 + 4 * map[at], 4 * at, 4 * at + 3);
    pixels.data[4 * at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  // The task after the next frame begins when that frame has been handed to the screen.
  requestAnimationFrame(() => setTimeout(() => {
    window.shown = { ms: performance.now(), map: Array.from(map) };
  }));
}`;

const TFJS = "/rivals/@tensorflow";
/** The first map of a result whose channels are last; the kernels in TensorFlow.js's order. */
const TFJS_CONVOLUTION = `
const x = tf.tensor4d(image, [1, ${SIDE}, ${SIDE}, 1]);
const filter = tf.transpose(tf.tensor4d(kernels, [${KERNELS}, 1, 3, 3]), [2, 3, 1, 0]);
const y = tf.conv2d(x, filter, 1, "same").dataSync();
show(Float32Array.from(image, (_, at) => y[${KERNELS} * at]));`;

const TFJS_WASM = `${TFJS}/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`;
const MODEL = "/start/model.onnx";
const ORT = "/rivals/onnxruntime-web/dist";

/**
 * `run` is the text of a module; `later`, what the scripts ask for themselves, is announced so that it
 * comes with them.
 *
 * @type {Record<string, { scripts: string[], later: string[], run: string }>}
 */
const TOOLS = {
  ours: {
    scripts: [],
    later: ["/package/operators_bg.wasm"],
    run: `
import { conv2d, ready } from "/package/index.js";
await ready();
const y = conv2d({ shape: [1, 1, ${SIDE}, ${SIDE}], data: image },
  { shape: [${KERNELS}, 1, 3, 3], data: kernels }, { padding: 1 });
show(y.data.subarray(0, ${SIDE * SIDE}));`,
  },
  "TF.js wasm": {
    scripts: [
      `${TFJS}/tfjs/dist/tf.es2017.min.js`,
      `${TFJS}/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js`,
    ],
    later: [TFJS_WASM],
    run: `
tf.wasm.setWasmPaths("${TFJS}/tfjs-backend-wasm/dist/");
await tf.setBackend("wasm");${TFJS_CONVOLUTION}`,
  },
  "TF.js wasm, core alone, bundled": {
    scripts: [],
    later: [TFJS_WASM],
    run: `
import * as tf from "/tfjs/tfjs.js";
tf.setWasmPaths("${TFJS}/tfjs-backend-wasm/dist/");
await tf.setBackend("wasm");${TFJS_CONVOLUTION}`,
  },
  "TF.js cpu": {
    scripts: [`${TFJS}/tfjs/dist/tf.es2017.min.js`],
    later: [],
    run: `
await tf.setBackend("cpu");${TFJS_CONVOLUTION}`,
  },
  "ONNX Runtime": {
    scripts: [`${ORT}/ort.wasm.min.js`],
    later: [`${ORT}/ort-wasm-simd-threaded.mjs`, `${ORT}/ort-wasm-simd-threaded.wasm`, MODEL],
    run: `
ort.env.wasm.wasmPaths = "${ORT}/";
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create("${MODEL}", { executionProviders: ["wasm"] });
const input = new ort.Tensor("float32", image, [1, 1, ${SIDE}, ${SIDE}]);
const { conv } = await session.run({ input });
show(conv.data.subarray(0, ${SIDE * SIDE}));`,
  },
  "OpenCV.js 4.5.2": openCv("@techstark/opencv-js"),
  "OpenCV.js 4.12.0": openCv("opencv-js-4.12"),
  "OpenCV.js 5.0.0": openCv("opencv-js-5"),
  ConvNetJS: {
    scripts: ["/rivals/convnetjs/build/convnet-min.js"],
    later: [],
    run: `
const size = { in_sx: ${SIDE}, in_sy: ${SIDE}, in_depth: 1 };
const layer = new convnetjs.ConvLayer({ ...size, sx: 3, filters: ${KERNELS}, stride: 1, pad: 1 });
const volume = new convnetjs.Vol(${SIDE}, ${SIDE}, 1, 0);
volume.w.set(image);
layer.filters.forEach(({ w }, at) => w.set(kernels.subarray(9 * at, 9 * at + 9)));
const y = layer.forward(volume).w;
show(Float32Array.from(image, (_, at) => y[${KERNELS} * at]));`,
  },
};

/** @param {string} folder */
function openCv(folder) {
  return {
    scripts: [`/rivals/${folder}/dist/opencv.js`],
    later: [],
    run: `
if (globalThis.cv instanceof Promise) globalThis.cv = await cv;
while (!cv.Mat) await new Promise((resolve) => setTimeout(resolve, 1));
const source = cv.matFromArray(${SIDE}, ${SIDE}, cv.CV_32F, image);
const kernel = cv.matFromArray(3, 3, cv.CV_32F, kernels.subarray(0, 9));
const target = new cv.Mat();
cv.filter2D(source, target, -1, kernel, new cv.Point(-1, -1), 0, cv.BORDER_CONSTANT);
show(target.data32F);`,
  };
}

/** The module of what TensorFlow.js needs for a convolution, to be bundled: its least. */
export const TFJS_CORE = `
export { conv2d, setBackend, tensor4d, transpose } from "@tensorflow/tfjs-core";
export { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";`;

/**
 * The addresses of the pages by tool, and the texts that are served there.
 *
 * @returns {{ paths: Record<string, string>, files: Record<string, string | Buffer> }}
 */
export function startPages() {
  /** @type {Record<string, string>} */
  const paths = {};
  /** @type {Record<string, string | Buffer>} */
  const files = { [MODEL]: Buffer.from(model()) };
  for (const [index, [tool, { scripts, later, run }]] of Object.entries(TOOLS).entries()) {
    paths[tool] = `/start/${index}.html`;
    files[paths[tool]] = `<!doctype html>
<meta charset="utf-8">
<title>Start</title>
<link rel="icon" href="data:,">
${later.map(announced).join("\n")}
<canvas width="${SIDE}" height="${SIDE}"></canvas>
${scripts.map((address) => `<script src="${address}"></script>`).join("\n")}
<script type="module">${COMMON}${run}
</script>
`;
  }
  return { paths, files };
}

/** @param {string} address */
function announced(address) {
  return address.endsWith("js")
    ? `<link rel="modulepreload" href="${address}">`
    : `<link rel="preload" as="fetch" crossorigin href="${address}">`;
}

/** The convolution as ONNX, with the numbers of the pages. */
function model() {
  const data = Float32Array.from({ length: KERNELS * 9 }, (_, at) => ((at * 5) % 9) - 4);
  return onnxModel(
    [
      {
        id: "conv",
        from: ["input"],
        shape: [KERNELS, SIDE, SIDE],
        op: "conv",
        weights: { shape: [KERNELS, 1, 3, 3], data },
        bias: null,
        clamp: null,
        stride: [1, 1],
        padding: [1, 1, 1, 1],
        dilation: [1, 1],
        groups: 1,
      },
    ],
    [1, 1, SIDE, SIDE],
  );
}
