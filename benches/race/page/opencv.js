import { toPixels, toPlanes } from "./layout.js";

/**
 * OpenCV.js: `filter2D` with zeros beyond the border; the channels of a pixel side by side, as its
 * pictures are. For rows whose channels have one kernel.
 *
 * @param {any} cv
 * @param {string} version
 * @param {import("./work.js").Work} work
 * @returns {import("./contest.js").Contestant}
 */
export function openCv(cv, version, { input, parameters }) {
  const [, channels, height, width] = input.shape;
  const { shape, data } = parameters[0].tensor;
  const type = channels === 1 ? cv.CV_32FC1 : cv.CV_32FC3;
  const source = new cv.Mat(height, width, type);
  toPixels(input.data, channels, source.data32F);
  const [, , rows, cols] = shape;
  const kernel = new cv.Mat(rows, cols, cv.CV_32FC1);
  kernel.data32F.set(data.subarray(0, rows * cols));
  const target = new cv.Mat();
  const middle = new cv.Point(-1, -1);
  const run = () => cv.filter2D(source, target, -1, kernel, middle, 0, cv.BORDER_CONSTANT);
  return {
    name: `OpenCV.js ${version}`,
    run,
    output() {
      run();
      return toPlanes(target.data32F, channels);
    },
    free() {
      for (const matrix of [source, kernel, target]) matrix.delete();
    },
  };
}
