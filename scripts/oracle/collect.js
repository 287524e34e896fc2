/** The cases of a reference file, wherever its schema keeps them. */
import { rowCases } from "./architectures.js";

const LISTS = [
  "cases",
  "graphs",
  "size_cases",
  "same_padding_cases",
  "summary",
  "endpoints",
  "uniform",
  "random",
];

/**
 * @param {any} file  the parsed file
 * @returns {any[]}
 */
export function casesOf(file) {
  const lists = LISTS.flatMap((name) => (Array.isArray(file?.[name]) ? file[name] : []));
  const example = file?.worked_example ? [file.worked_example] : [];
  const tables = Object.entries(file?.torchvision_layers ?? {}).flatMap(([model, rows]) =>
    rowCases(model, rows),
  );
  const classic = Object.entries(file?.classic ?? {}).flatMap(([model, { layers, ...totals }]) => [
    { model, ...totals },
    ...rowCases(model, layers),
  ]);
  const lenet = (file?.lenet5_1998?.layers ?? []).map((/** @type {any} */ block) => ({
    model: "lenet5_1998",
    name: block.name,
    block,
  }));
  const unnamed = Object.entries(file?.onnx_light ?? {}).map(([name, network]) => ({
    ...network,
    name,
  }));
  return [...lists, ...example, ...tables, ...classic, ...lenet, ...unnamed];
}
