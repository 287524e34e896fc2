import { onnxModel } from "./onnx/model.js";
import { planOf } from "./plan.js";

/**
 * ONNX Runtime Web on one thread, with all of its graph optimisations. Its interface copies the input
 * in and the output out at every call.
 *
 * @param {any} ort
 * @param {import("./work.js").Work} work
 * @returns {Promise<import("./contest.js").Contestant>}
 */
export async function onnxRuntime(ort, work) {
  const steps = planOf(work);
  const session = await ort.InferenceSession.create(onnxModel(steps, work.input.shape), {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  const input = new ort.Tensor("float32", work.input.data, work.input.shape);
  const output = steps[steps.length - 1].id;
  return {
    name: "ONNX Runtime",
    copies: true,
    async: true,
    run: () => session.run({ input }),
    output: async () => (await session.run({ input }))[output].data,
    free: () => session.release(),
  };
}
