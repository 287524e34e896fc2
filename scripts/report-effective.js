import { readFileSync } from "node:fs";
import { main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { OPERATORS, packageFile } from "./lib/parts.js";
import { fromRoot } from "./lib/paths.js";
import { requireRust } from "./lib/rust.js";
import { buildWasm } from "./wasm.js";

/**
 * @import * as Operators from "../www/pkg/operators.js"
 * @import * as Lab from "../www/pkg/receptive_field_lab.js"
 * @typedef {{ name: string, node: string }} Case  a network of the zoo and a layer
 */

const LAB = "receptive-field-lab";
const SIDE = 224;
const RUNS = 5;

/** @type {Case[]} */
const CASES = [
  { name: "resnet18", node: "layer2.1.conv2" },
  { name: "resnet18", node: "layer4.1.conv2" },
  { name: "resnet50", node: "layer4.2.conv3" },
  { name: "vgg16", node: "features.28" },
  { name: "googlenet", node: "inception5b.branch4.1.conv" },
  { name: "densenet121", node: "features.denseblock4.denselayer16.conv2" },
];

const DRAWS = ["uniform", "random"].flatMap((weights) =>
  ["linear", "relu"].map((activation) => ({ weights, activation })),
);

/**
 * Reports how long one draw of an effective receptive field takes, in the wasm that the page runs, and
 * beside it a forward pass: that of the network up to the layer, planned for inference, times the
 * share of its multiply-adds that the unit sees. Draws and passes take turns, the shortest of each
 * counts. It asserts nothing, because the figures are the machine's as much as the code's.
 */
main(async () => {
  requireNode();
  await requireRust();
  await buildWasm({ parts: [LAB, OPERATORS] });
  const lab = /** @type {typeof Lab} */ (await loaded(LAB));
  const operators = /** @type {typeof Operators} */ (await loaded(OPERATORS));
  console.log(
    "milliseconds of a forward pass of what the middle unit sees, and of one draw in the page;",
  );
  console.log("how many such passes the draw takes\n");
  const kinds = DRAWS.map(({ weights, activation }) => `${weights}, ${activation}`);
  console.log(row(["network and layer", "seen", "forward", ...kinds]));
  for (const { name, node } of CASES) {
    const { share, forward, draws } = measured(lab, operators, { name, node });
    const figures = draws.map((draw) => `${draw.toFixed(0)} = ${(draw / forward).toFixed(1)} x`);
    const seen = `${(100 * share).toFixed(0)} %`;
    console.log(row([`${name} ${node}`, seen, forward.toFixed(1), ...figures]));
  }
});

/**
 * @param {string} part
 * @returns {Promise<any>}
 */
async function loaded(part) {
  const core = await import(`../www/pkg/${packageFile(part, ".js")}`);
  const bytes = readFileSync(fromRoot(`www/pkg/${packageFile(part, "_bg.wasm")}`));
  core.initSync({ module: new WebAssembly.Module(bytes) });
  return core;
}

/**
 * @param {typeof Lab} lab
 * @param {typeof Operators} operators
 * @param {Case} which
 */
function measured(lab, operators, { name, node }) {
  const known = operators.architecture(name);
  const spec = { ...known, input: { ...known.input, height: SIDE, width: SIDE } };
  const { nodes } = operators.describe(spec);
  const index = nodes.findIndex(({ id }) => id === node);
  const [, height, width] = nodes[index].shape.map(Number);
  const position = /** @type {[number, number]} */ ([height >> 1, width >> 1]);
  const seen = seenOf(operators, spec, node, position);

  const network = new operators.Network({ ...spec, layers: spec.layers.slice(0, index) });
  const data = new Uint8ClampedArray(4 * SIDE * SIDE).map((_, at) => (at * 7919) & 255);
  const page = new lab.ReceptiveFieldLab({ width: SIDE, height: SIDE, data });
  const calls = DRAWS.map(({ weights, activation }) => {
    const options = { node, position, weights, activation, seed: 1, draws: 1, theme: "light" };
    return () => page.effective(spec, /** @type {Lab.EffectiveFieldOptions} */ (options));
  });
  const times = fastest([() => network.run(), ...calls]);
  network.free();
  page.free();
  const [whole, ...draws] = times;
  return { share: seen, forward: seen * whole, draws };
}

/**
 * The share of the multiply-adds up to a layer that are needed for one position of it.
 *
 * @param {typeof Operators} operators
 * @param {Operators.NetworkSpec} spec
 * @param {string} node
 * @param {[number, number]} position
 */
function seenOf(operators, spec, node, position) {
  const described = new Map(operators.describe(spec).nodes.map((known) => [known.id, known]));
  let [part, whole] = [0, 0];
  for (const { id, inside } of operators.receptiveRegion(spec, node, position).nodes) {
    const { shape, multiplyAdds } = described.get(id) ?? { shape: [], multiplyAdds: 0 };
    const [, height, width] = shape.map(Number);
    const needed = inside ? length(inside.rows) * length(inside.cols) : height * width;
    whole += multiplyAdds ?? 0;
    part += ((multiplyAdds ?? 0) * needed) / (height * width);
  }
  return part / whole;
}

/** @param {readonly [first: number, last: number] | null} span */
function length(span) {
  return span ? span[1] - span[0] + 1 : 0;
}

/**
 * The shortest time of each call, all taken in turn.
 *
 * @param {(() => unknown)[]} calls
 */
function fastest(calls) {
  const times = calls.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < RUNS; run++) {
    for (const [index, call] of calls.entries()) {
      const start = performance.now();
      call();
      times[index] = Math.min(times[index], performance.now() - start);
    }
  }
  return times;
}

/** @param {string[]} cells */
function row([layer, seen, forward, ...draws]) {
  const figures = [
    seen.padStart(6),
    forward.padStart(10),
    ...draws.map((cell) => cell.padStart(17)),
  ];
  return layer.padEnd(54) + figures.join("");
}
