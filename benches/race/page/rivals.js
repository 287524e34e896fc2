/**
 * The rivals' libraries, each set to one thread.
 *
 * @returns {Record<"tf" | "ort" | "convnetjs", any>}
 */
export function rivals() {
  const { tf, ort, convnetjs } = /** @type {any} */ (globalThis);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  tf.wasm.setWasmPaths("/rivals/@tensorflow/tfjs-backend-wasm/dist/");
  ort.env.wasm.wasmPaths = "/rivals/onnxruntime-web/dist/";
  ort.env.wasm.numThreads = 1;
  return { tf, ort, convnetjs };
}

const OPENCV = {
  "4.5.2": "@techstark/opencv-js",
  "4.12.0": "opencv-js-4.12",
  "5.0.0": "opencv-js-5",
};

/** @type {Promise<Record<string, any>> | undefined} */
let loaded;

/** OpenCV.js in all versions that there are, by version. */
export function openCvs() {
  loaded ??= load();
  return loaded;
}

const PATIENCE_MS = 60_000;

async function load() {
  /** @type {Record<string, any>} */
  const versions = {};
  for (const [version, folder] of Object.entries(OPENCV)) {
    const script = document.createElement("script");
    script.src = `/rivals/${folder}/dist/opencv.js`;
    document.head.append(script);
    [versions[version]] = await arrived(version);
  }
  return versions;
}

/**
 * The global `cv` once it has matrices, in an array: it has a method `then` of its own in some
 * versions, so that awaiting it would never end. In others it is a promise.
 *
 * @param {string} version
 */
async function arrived(version) {
  const page = /** @type {any} */ (globalThis);
  const start = performance.now();
  let cv;
  while (!cv?.Mat) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`OpenCV.js ${version} hangs`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (page.cv instanceof Promise)
      page.cv.then((/** @type {any} */ module) => {
        cv = module;
      });
    else cv = page.cv;
  }
  page.cv = undefined;
  page.Module = undefined;
  return [cv];
}
