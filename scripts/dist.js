import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { build } from "vite";
import { OPERATORS, PACKAGED, packageFile } from "./lib/parts.js";
import { fromRoot } from "./lib/paths.js";
import { runPackage } from "./lib/run.js";
import { thirdPartyLicenses } from "./third-party-licenses.js";
import { withCompressedProgram } from "./vite/compressed-program.js";
import { withSingleFilePolicy } from "./vite/content-security-policy.js";
import { labEntries, packageModules } from "./vite/package.js";
import { page } from "./vite/page.js";
import { singleFile } from "./vite/single-file.js";

/** Builds the page, the single file and the package in `dist/` from `www/`, wasm included. */
export async function buildDist() {
  const licenses = await thirdPartyLicenses();
  await build(page);
  await buildSingleFile(licenses);
  await buildPackage();
  for (const folder of ["dist", "dist/npm"]) {
    writeFileSync(fromRoot(`${folder}/THIRD-PARTY-LICENSES.txt`), licenses);
  }
  for (const file of ["index.html", "cnn-playground.html", "npm/index.js"]) {
    console.log(`dist/${file}`, `${Math.ceil(statSync(fromRoot(`dist/${file}`)).size / 1000)} kB`);
  }
}

/** @param {string} licenses */
async function buildSingleFile(licenses) {
  await build(singleFile);
  const file = fromRoot("dist/cnn-playground.html");
  const { html: compressed, scripts } = withCompressedProgram(readFileSync(file, "utf8"));
  const html = withSingleFilePolicy(compressed, scripts);
  // Two hyphens would end the comment.
  writeFileSync(file, `${html}<!--\n${licenses.replaceAll("--", "==")}\n-->\n`);
}

async function buildPackage() {
  await build(packageModules);
  await runPackage("typescript/bin/tsc", ["--project", "scripts/package-types.json"]);
  for (const part of PACKAGED) {
    const types = packageFile(part, ".d.ts");
    copy(`www/pkg/${types}`, `types/pkg/${types}`);
  }
  writePackageFile("index.d.ts", 'export * from "./types/package/index.js";\n');
  for (const [name, text] of Object.entries(labEntries("./types"))) {
    writePackageFile(`${name}.d.ts`, text);
  }
  for (const name of readdirSync(fromRoot("")).filter((name) => /^(README|LICENSE)/.test(name))) {
    copy(name, name);
  }
  writePackageFile("package.json", `${JSON.stringify(manifest(), null, 2)}\n`);
}

/**
 * @param {string} name
 * @param {string} text
 */
function writePackageFile(name, text) {
  writeFileSync(fromRoot(`dist/npm/${name}`), text);
}

/**
 * @param {string} file of the repository
 * @param {string} name in the package
 */
function copy(file, name) {
  cpSync(fromRoot(file), fromRoot(`dist/npm/${name}`));
}

/** The package's own `package.json`; everything it needs is bundled, so it has no dependency. */
function manifest() {
  const { name, version, description, license } = JSON.parse(
    readFileSync(fromRoot("package.json"), "utf8"),
  );
  return {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: ["./define.js"],
    exports: {
      ".": "./index.js",
      "./define": "./define.js",
      "./elements": "./elements.js",
      "./wasm": `./${packageFile(OPERATORS, "_bg.wasm")}`,
    },
  };
}
