export const OURS = "ours";
export const OURS_WITH_COPIES = "ours with copies";

/**
 * The product: a planned network, once with its input and output in its own memory, once with the
 * copies in and out, between arrays that the caller keeps.
 *
 * @param {typeof import("../../../www/package/index.js")} cnn
 * @param {import("./work.js").Work} work
 * @returns {import("./contest.js").Contestant[]}
 */
export function ours(cnn, { spec, parameters: weights, input }) {
  const network = new cnn.Network(spec, { weights });
  const result = new Float32Array(network.output.length);
  const copied = () => {
    network.input.set(input.data);
    network.run();
    result.set(network.output);
    return result;
  };
  return [
    { name: OURS, run: () => network.run(), output: copied, free: () => network.free() },
    { name: OURS_WITH_COPIES, run: copied, output: copied, free() {} },
  ];
}
