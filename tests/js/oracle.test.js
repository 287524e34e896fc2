/** The oracle on the committed references, its command, and the document generated from it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fromRoot } from "../../scripts/lib/paths.js";
import { DOCUMENT, documentation } from "../../scripts/oracle/documentation.js";
import { reasons, table } from "../../scripts/oracle/report.js";
import { runFile } from "../../scripts/oracle/run.js";

/** @type {import("../../scripts/oracle/run.js").Cnn} */
let cnn;
const folder = mkdtempSync(join(tmpdir(), "oracle-"));

before(async () => {
  cnn = await import(new URL("../../dist/npm/index.js", import.meta.url).href);
  await cnn.ready();
});

after(() => rmSync(folder, { recursive: true }));

/** @param {string} name */
const truth = (name) => JSON.parse(readFileSync(fromRoot(`tests/data/truth/${name}`), "utf8"));

/** @type {Record<string, { passed: number, notCovered: number }>} */
const EXPECTED = {
  "torch_ops.json": { passed: 273, notCovered: 0 },
  "torch_nets.json": { passed: 13, notCovered: 0 },
  "torch_optim.json": { passed: 41, notCovered: 0 },
  "training_runs.json": { passed: 24, notCovered: 0 },
  "onnx_nodes.json": { passed: 214, notCovered: 44 },
  "rf_graphs.json": { passed: 16, notCovered: 0 },
  "rf_random.json": { passed: 90, notCovered: 0 },
  "receptive_fields.json": { passed: 383, notCovered: 0 },
  "erf.json": { passed: 27, notCovered: 0 },
  "layers.json": { passed: 1506, notCovered: 18 },
};

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`${name}: every covered case is correct`, () => {
    const outcomes = runFile(cnn, truth(name));
    console.log(table(outcomes).join("\n"));
    for (const line of reasons(outcomes, "not covered")) console.log(`not covered: ${line}`);
    assert.deepEqual(reasons(outcomes, "failed"), []);
    const count = (/** @type {string} */ status) =>
      outcomes.filter((outcome) => outcome.status === status).length;
    assert.deepEqual({ passed: count("passed"), notCovered: count("not covered") }, expected);
  });
}

/** The oracle must notice errors, or its agreement means nothing. */
test("a value off by more than rounding fails, wherever it is", () => {
  for (const name of [
    "torch_ops.json",
    "torch_nets.json",
    "torch_optim.json",
    "training_runs.json",
    "onnx_nodes.json",
  ]) {
    const file = truth(name);
    const right = runFile(cnn, file);
    const cases = file.cases.filter(
      (/** @type {any} */ _, /** @type {number} */ index) => right[index].status === "passed",
    );
    const spoilt = cases.flatMap(spoil);
    const outcomes = runFile(cnn, { cases: spoilt });
    const unseen = outcomes.filter(({ status }) => status !== "failed").map((o) => o.name);
    assert.deepEqual(unseen, [], name);
    assert.ok(spoilt.length > 0.95 * cases.length);
  }
});

test("an effective field that is slightly wider or narrower fails", () => {
  const { uniform, random } = truth("erf.json");
  const wider = uniform.map((/** @type {any} */ value) => ({
    ...value,
    sd_theory: value.sd_theory * 1.0001,
  }));
  const narrower = random.map((/** @type {any} */ value) => ({
    ...value,
    sd_of_mean_absolute_gradient: value.sd_of_mean_absolute_gradient / 1.2,
  }));
  const outcomes = runFile(cnn, { uniform: wider, random: narrower });
  assert.deepEqual(
    outcomes.filter(({ status }) => status !== "failed"),
    [],
  );
});

/**
 * Copies of a case, each with one reference changed by a hundredth of its largest value.
 * @param {any} value
 */
function spoil(value) {
  const paths = [
    ["output"],
    ["outputs", 0],
    ["logits"],
    ["grad_x"],
    ...Object.keys(value.grads ?? {}).map((name) => ["grads", name]),
  ];
  const tensors = paths.flatMap((path) => {
    const copy = structuredClone(value);
    const tensor = path.reduce((part, key) => part?.[key], copy);
    const data = tensor?.data?.filter(Number.isFinite) ?? [];
    const scale = Math.max(...data.map(Math.abs));
    const place = tensor?.data?.findIndex((/** @type {any} */ v) => Math.abs(v) === scale);
    // A bias before batch norm has no gradient; what remains is only rounding.
    if (!(scale > 1e-12)) return [];
    tensor.data[place] *= 1.01;
    return [{ ...copy, name: `${value.name}: ${path.join(".")}` }];
  });
  if (value.params_after_step) {
    const copy = structuredClone(value);
    const last = copy.params_after_step.at(-1);
    last[0] += 0.01 * Math.max(...last.map(Math.abs));
    tensors.push(copy);
  }
  if (value.lr_at_step) {
    const copy = structuredClone(value);
    copy.lr_at_step[3] *= 1.01;
    tensors.push(copy);
  }
  if (value.gradientNorms) {
    const [loss, norm, weight] = Array.from({ length: 3 }, () => structuredClone(value));
    loss.losses[11] *= 1.01;
    norm.gradientNorms[11] *= 1.01;
    const { data } = weight.finalWeights[0].tensor;
    data[0] += 0.01 * Math.max(...data.map(Math.abs));
    tensors.push(loss, norm, weight);
  }
  return tensors;
}

test("a published figure off by one unit fails, wherever it is", () => {
  const [graphs, random, fields, layers] = [
    "rf_graphs.json",
    "rf_random.json",
    "receptive_fields.json",
    "layers.json",
  ].map(truth);
  const files = [
    ...graphs.graphs
      .slice(0, 8)
      .flatMap((/** @type {any} */ graph) =>
        spoiltFigures(graph.expect).map((expect) => ({ graphs: [{ ...graph, expect }] })),
      ),
    ...graphs.size_cases.flatMap((/** @type {any} */ graph) =>
      spoiltFigures(graph.expect_output_size).map((expect_output_size) => ({
        size_cases: [{ ...graph, expect_output_size }],
      })),
    ),
    ...graphs.same_padding_cases.flatMap((/** @type {any} */ { pad_before, pad_total, ...rest }) =>
      spoiltFigures({ pad_before }).map((spoilt) => ({
        same_padding_cases: [{ ...rest, pad_total, ...spoilt }],
      })),
    ),
    ...random.cases.slice(0, 8).flatMap((/** @type {any} */ { expect, output_size, ...rest }) =>
      spoiltFigures({ expect, output_size }).map((spoilt) => ({
        cases: [{ ...rest, ...spoilt }],
      })),
    ),
    ...[fields.summary[0], fields.endpoints[8], fields.worked_example].flatMap((row) =>
      spoiltFigures(row)
        .filter(({ resolution, feature }) => !moved(resolution) && !feature?.some(moved))
        .map((spoilt) => (row.center ? { worked_example: spoilt } : { endpoints: [spoilt] })),
    ),
    ...spoiltFigures(totals(layers.summary[0]))
      .filter(({ params_computed }) => !moved(params_computed))
      .map((summary) => ({ summary: [summary] })),
    ...layers.torchvision_layers.googlenet.slice(0, 6).flatMap((/** @type {any} */ row) =>
      spoiltFigures(compared(row)).map((spoilt) => ({
        torchvision_layers: { googlenet: [{ ...row, ...spoilt }] },
      })),
    ),
    ...spoiltFigures(layers.lenet5_1998.layers[0])
      .filter(({ connections }) => !moved(connections))
      .map((row) => ({ lenet5_1998: { layers: [row] } })),
  ];
  const unseen = files.filter((file) => runFile(cnn, file)[0].status !== "failed");
  assert.deepEqual(unseen, []);
  assert.ok(files.length > 150, String(files.length));
});

/** What is added to a figure: less than the last digit of any. */
const UNIT = 1.0009765625;

/** @param {unknown} figure */
const moved = (figure) => typeof figure === "number" && figure % 1 === UNIT % 1;

/**
 * Copies of a reference, each with one of its figures changed.
 * @param {any} value
 * @returns {any[]}
 */
function spoiltFigures(value) {
  if (typeof value === "number") return [value + UNIT];
  if (typeof value === "boolean") return [!value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    spoiltFigures(inner).map((spoilt) =>
      Array.isArray(value) ? value.with(Number(key), spoilt) : { ...value, [key]: spoilt },
    ),
  );
}

/** The parts of a network's totals that are compared. @param {any} row */
function totals({ model, input, params_used_at_inference, params_computed, ...row }) {
  const { gmacs_computed, buffers, conv_layers, linear_layers, rf_features } = row;
  const parameters = { params_used_at_inference, params_computed };
  const layers = { conv_layers, linear_layers, rf_features };
  return { model, input, ...parameters, gmacs_computed, buffers, ...layers };
}

/** The parts of a layer's row that are compared. @param {any} row */
function compared({ kernel, stride, output, params, macs, rf }) {
  return { ...(kernel && { kernel, stride }), output, params, macs, rf };
}

/** @param {string[]} args */
function oracle(...args) {
  const script = fromRoot("scripts/oracle.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** @param {string} name @param {string} text */
function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("the command prints a table and ends with 0 if nothing failed", () => {
  const { status, stdout } = oracle(fromRoot("tests/data/truth/torch_optim.json"));
  assert.equal(status, 0);
  assert.match(stdout, /^AdamW +\d+ +0 +0 +\S+$/m);
  assert.match(stdout, /^all +41 +0 +0 +\S+$/m);
});

test("the command ends with 1 on a failure and continues with the next file", () => {
  const wrong = truth("torch_optim.json");
  wrong.cases[0].params_after_step[19][0] += 0.01;
  const path = file("wrong.json", JSON.stringify(wrong));
  const { status, stdout } = oracle(path, fromRoot("tests/data/truth/torch_nets.json"));
  assert.equal(status, 1);
  assert.match(stdout, /failed:\n {2}SGD: step 20\[0\] is .* times the tolerance/);
  assert.match(stdout, /whole network/);
});

test("a file that cannot be read gives one clear line and exit code 1", () => {
  const files = [
    [file("broken.json", "{"), /cannot read .*broken\.json: .*JSON/],
    [file("other.json", '{"models": []}'), /cannot read .*other\.json: it has no list of cases/],
    [file("none.json", '{"cases": []}'), /cannot read .*none\.json: it has no list of cases/],
    [file("strange.json", '{"cases": [{"a": 1}]}'), /strange\.json: case 1 has none of the known/],
    [file("null.json", '{"cases": [null]}'), /null\.json: case 1 has none of the known/],
    [join(folder, "absent.json"), /cannot read .*absent\.json: .*no such file/],
  ];
  for (const [path, message] of files) {
    const { status, stderr } = oracle(/** @type {string} */ (path));
    assert.equal(status, 1, String(path));
    assert.match(stderr.split("\n")[0], /** @type {RegExp} */ (message));
  }
});

test("a case with a part missing fails with a reason instead of ending the run", () => {
  const { cases } = truth("torch_ops.json");
  const { inputs, ...rest } = cases[0];
  const outcomes = runFile(cnn, {
    cases: [
      { ...rest, inputs: {} },
      { ...rest, inputs: { ...inputs, x: { shape: [1] } } },
      cases[1],
    ],
  });
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["failed", "failed", "passed"],
  );
});

test("an unknown operator, layer or attribute is reported as not covered, with the reason", () => {
  const { cases } = truth("torch_ops.json");
  const [net] = truth("torch_nets.json").cases;
  const [node] = truth("onnx_nodes.json").cases;
  const outcomes = runFile(cnn, {
    cases: [
      { ...cases[0], op: "deform_conv2d" },
      { ...cases[0], attrs: { ...cases[0].attrs, padding_mode: "reflect" } },
      { ...net, layers: [["attention", 4], ...net.layers] },
      { ...node, op: "constructor" },
    ],
  });
  assert.deepEqual(
    outcomes.map(({ status, reason }) => `${status}: ${reason}`),
    [
      "not covered: no such operator here",
      "not covered: the attribute padding_mode",
      "not covered: the layer attention",
      "not covered: no such operator here",
    ],
  );
});

test(`${DOCUMENT} is up to date: npm run oracle -- --docs`, () => {
  assert.equal(readFileSync(fromRoot(DOCUMENT), "utf8"), documentation(cnn));
});
