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
  const size = height * width;
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < size; at++) {
      source.data32F[at * channels + channel] = input.data[channel * size + at];
    }
  }
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
      const pixels = target.data32F;
      return Float32Array.from(
        { length: pixels.length },
        (_, at) => pixels[(at % size) * channels + Math.floor(at / size)],
      );
    },
    free() {
      for (const matrix of [source, kernel, target]) matrix.delete();
    },
  };
}
