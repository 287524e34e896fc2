/**
 * The product: a planned network, once with its input and output in its own memory, once with the
 * copies in and out.
 *
 * @param {typeof import("../../../www/package/index.js")} cnn
 * @param {import("./work.js").Work} work
 * @returns {import("./contest.js").Contestant[]}
 */
export function ours(cnn, work) {
  return /** @type {any} */ (cnn).Network ? planned(cnn, work) : byFunction(cnn, work);
}

/** @param {any} cnn @param {import("./work.js").Work} work */
function planned(cnn, { spec, parameters, input }) {
  const network = new cnn.Network(spec);
  network.loadWeights(parameters);
  network.input.set(input.data);
  const run = () => network.run();
  const output = () => {
    run();
    return network.output.slice();
  };
  return [
    { name: OURS, run, output, free: () => network.free() },
    {
      name: OURS_WITH_COPIES,
      run() {
        network.input.set(input.data);
        run();
        return network.output.slice();
      },
      output,
      free() {},
    },
  ];
}

/** @param {any} cnn @param {import("./work.js").Work} work */
function byFunction(cnn, { spec, parameters, input }) {
  const { op, id, channels, kernel, bias, kind, ...options } = /** @type {any} */ (spec.layers[0]);
  if (spec.layers.length > 1) throw new Error("no Network yet");
  const run =
    op === "conv2d"
      ? () => cnn.conv2d(input, parameters[0].tensor, options)
      : () => cnn[op](input, { kind, ...options }).output;
  const output = () => run().data;
  return [
    { name: OURS, run, output, free() {} },
    { name: OURS_WITH_COPIES, run, output, free() {} },
  ];
}

export const OURS = "ours";
export const OURS_WITH_COPIES = "ours with copies";
