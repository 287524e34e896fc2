/** Both catalogues are complete, and every message that the code uses exists. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { IntlMessageFormat } from "intl-messageformat";
import {
  detectLanguage,
  LANGUAGES,
  language,
  number,
  setLanguage,
  t,
} from "../../www/i18n/index.js";
import { LABS } from "../../www/labs/registry.js";
import { Localized } from "../../www/widgets/base/localized.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** @typedef {Map<string, string>} Catalogue */

const en = catalogue("en");
const ru = catalogue("ru");

beforeEach(() => setLanguage("en"));

/**
 * The files with a language's messages, relative to www/: the shared ones, and one per lab.
 * @param {string} code
 */
function areas(code) {
  return [
    ...readdirSync(`${ROOT}www/i18n/${code}`).map((file) => `i18n/${code}/${file}`),
    ...LABS.map(({ name }) => `labs/${name}/${code}.json`),
  ];
}

/**
 * Every message of a language; a duplicate key is an error.
 * @param {string} code
 * @returns {Catalogue}
 */
function catalogue(code) {
  const all = new Map();
  for (const area of areas(code)) {
    const text = readFileSync(`${ROOT}www/${area}`, "utf8");
    const messages = Object.entries(JSON.parse(text));
    const written = [...text.matchAll(/^\s*"([^"\\]+)"\s*:/gm)];
    assert.equal(written.length, messages.length, `${area} has a key twice`);
    for (const [key, message] of messages) {
      assert.ok(!all.has(key), `${key} is in two areas of ${code}`);
      assert.equal(typeof message, "string", key);
      assert.ok(message.trim().length > 0, `${key} is empty in ${code}`);
      all.set(key, message);
    }
  }
  return all;
}

/**
 * @param {string} message
 * @param {string} code
 */
function compiled(message, code) {
  return new IntlMessageFormat(message, code, undefined, { ignoreTag: true });
}

/**
 * The placeholders of a message, and the plural cases of each.
 * @param {string} message
 * @param {string} code
 */
function parts(message, code) {
  const names = new Set();
  /** @type {string[][]} */
  const plurals = [];
  /** @param {any[]} elements */
  const visit = (elements) => {
    for (const element of elements) {
      // 0 is plain text, 7 the # of a plural.
      if (element.type !== 0 && element.type !== 7) names.add(element.value);
      if (element.pluralType === "cardinal") plurals.push(Object.keys(element.options));
      for (const option of Object.values(element.options ?? {})) visit(option.value);
    }
  };
  visit(/** @type {any[]} */ (compiled(message, code).getAst()));
  return { names: [...names].sort(), plurals };
}

test("both languages have the same keys", () => {
  assert.deepEqual([...ru.keys()].sort(), [...en.keys()].sort());
  assert.ok(en.size > 100);
});

test("every catalogue file is loaded once: by the page, or by the lab or widget that needs it", () => {
  const imported = captured(/from "([^"]+\.json)"/g).map(({ path, found }) =>
    posix.join(posix.dirname(path), found),
  );
  assert.deepEqual(imported.sort(), [...areas("en"), ...areas("ru")].sort());
});

test("every message compiles and has the same placeholders in both languages", () => {
  for (const [key, message] of en) {
    assert.deepEqual(parts(ru.get(key) ?? "", "ru").names, parts(message, "en").names, key);
  }
});

/** Names, symbols and words of code that Russian writes as English does. */
const SHARED = new Set([
  "CNN Playground",
  "{lab} · CNN Playground",
  "{height} × {width}",
  "{side} × {side}",
  "{name}, {share}",
  "{kernel} × {kernel}, ReLU6",
  "1 × 1, ReLU6",
  "{error} % top-1",
  "{error} % top-5",
  "Grad-CAM",
  "{ratio} : 1",
  "{title}, {year}. {source}",
  "A − B = {first} − ({second}) = {difference}",
  "A",
  "B",
  "A: L3",
  "B: L1",
  "–",
  "p",
  "k",
  "alpha",
  "beta",
  "epsilon",
  "valid",
  "same",
  "full",
  "outputPadding",
  "Delete",
  "Ctrl V",
  "NumPy",
  "PyTorch",
  "LaTeX",
  "CSV",
  "ReLU",
  "PReLU",
  "LRN",
  "BlurPool",
  "batch norm",
  "group norm",
  "dropout",
  "flatten",
  "softmax",
  "L1",
  "L2",
  "L1, L2, dropout?",
  "Batch norm?",
  "÷ {factor}",
  "{letter}",
  "{name} {value}",
  "{before} − {rate} × ({sum}) = {after}",
  "{before} → {after}",
  "{label} → {answer}",
]);

test("nothing is left in English among the Russian messages", () => {
  const isName = (/** @type {string} */ key, /** @type {string} */ message) =>
    key.startsWith("receptive.activation.") ||
    /^training\.(activation|optimizer|class\.\w+\.\d\.short)\b/.test(key) ||
    (/^receptive\.(net|family)\./.test(key) && !/(^|\s)[a-z]{3,}/.test(message));
  const left = [...en].filter(
    ([key, message]) => ru.get(key) === message && !SHARED.has(message) && !isName(key, message),
  );
  assert.deepEqual(left, []);
  const said = new Set(ru.values());
  assert.deepEqual(
    [...SHARED].filter((message) => !said.has(message)),
    [],
  );
});

/** What Russian does not say, because it has one word for each of these: изображение, зерно, ... */
const OTHER_WORDS =
  /картин|начальн\S+ числ|зеркал|умножени\S+ со сложени|на PyTorch|пулинг\S* по (максимум|средн)/;

test("Russian has one word for each idea", () => {
  for (const [key, message] of ru) assert.doesNotMatch(message, OTHER_WORDS, key);
});

/**
 * What a pattern's first group captures in the Rust files of a folder.
 * @param {string} folder
 * @param {RegExp} pattern
 */
function capturedInRust(folder, pattern) {
  return readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith(".rs"))
    .flatMap((file) => [...readFileSync(`${ROOT}${folder}/${file}`, "utf8").matchAll(pattern)])
    .map(([, found]) => found);
}

test("every filter has a name and a description", () => {
  const filters = capturedInRust("src/filters", /\bFilter \{\s*name: "([^"]+)"/g);
  assert.ok(filters.length > 20);
  for (const name of filters) {
    assert.ok(en.has(`kernel-lab.preset.${name}`), name);
    assert.ok(en.has(`kernel-lab.definition.${name}`), name);
  }
});

test("every architecture and every family of them has a title", () => {
  const families = capturedInRust("src/net/zoo", /\bfamily: "([^"]+)"/g);
  const members = capturedInRust("src/net/zoo", /MEMBERS: &\[Architecture\] = &\[([\s\S]*?)\];/g);
  const names = new Set(
    members.flatMap((list) =>
      [...list.matchAll(/(?:\bname: |\b\w+\(\s*)"([^"]+)"/g)].map(([, name]) => name),
    ),
  );
  assert.ok(names.size > 50);
  for (const family of families) assert.ok(en.has(`receptive.family.${family}`), family);
  for (const name of names) assert.ok(en.has(`receptive.net.${name}`), name);
  const titled = [...en.keys()].filter((key) => key.startsWith("receptive.net."));
  assert.equal(titled.length, names.size, "a title of a network that is not there");
});

test("plurals have all the cases of their language", () => {
  const cases = { en: ["one", "other"], ru: ["one", "few", "many", "other"] };
  let seen = 0;
  for (const [code, messages] of /** @type {const} */ ([
    ["en", en],
    ["ru", ru],
  ])) {
    for (const [key, message] of messages) {
      for (const options of parts(message, code).plurals) {
        seen += 1;
        for (const one of cases[code]) assert.ok(options.includes(one), `${code} ${key}: ${one}`);
      }
    }
  }
  assert.ok(seen > 10);
});

test("no message uses a hyphen as a minus sign", () => {
  for (const message of [...en.values(), ...ru.values()]) {
    assert.doesNotMatch(message, /(^|[\s(×=])-\d/);
  }
});

const sources = readdirSync(`${ROOT}www`, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".js") && !path.startsWith("pkg"))
  .map((path) => ({ path, text: readFileSync(`${ROOT}www/${path}`, "utf8") }));

/**
 * What a pattern's first group captures in all of www/, with the file.
 * @param {RegExp} pattern
 */
function captured(pattern) {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ path, found: match[1] })),
  );
}

test("every key that the code names is in the catalogue", () => {
  const keys = captured(/(?<![\w.])t\(\s*"([^"]+)"/g);
  assert.ok(keys.length > 10);
  for (const { path, found } of keys) assert.ok(en.has(found), `${path}: ${found}`);
});

test("every key that the code composes matches one in the catalogue", () => {
  const templates = captured(/(?<![\w.])t\(\s*`([^`]+)`/g);
  for (const { path, found } of templates) {
    const fixed = found.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(".", "\\."));
    const pattern = new RegExp(`^${fixed.join(".+")}$`);
    assert.ok(
      [...en.keys()].some((key) => pattern.test(key)),
      `${path}: ${found}`,
    );
  }
});

/**
 * The variants of the Rust enum `Error`: their codes, and their fields as details.
 * @returns {Map<string, string[]>}
 */
function errorVariants() {
  const source = readFileSync(`${ROOT}src/error/mod.rs`, "utf8");
  const body = source.slice(source.indexOf("pub enum Error {"));
  const variants = new Map();
  for (const [, name, fields] of body.matchAll(/^ {4}(\w+) \{\n([\s\S]*?)^ {4}\},/gm)) {
    const details = [...fields.matchAll(/^ {8}(\w+):/gm)].map(([, field]) =>
      field.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()),
    );
    variants.set(name.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase(), details);
  }
  assert.equal(variants.size, [...body.matchAll(/#\[error\(/g)].length, "each variant is parsed");
  return variants;
}

test("every error of the core has a message that uses its own details", () => {
  for (const [code, details] of errorVariants()) {
    const message = en.get(`error.${code}`);
    assert.ok(message !== undefined, `error.${code}`);
    for (const name of parts(message, "en").names) {
      assert.ok(details.includes(name), `error.${code} has no detail ${name}`);
    }
  }
});

test("every error of the front end has a message", () => {
  const codes = captured(/(?:pictureError\(|(?<!\w)code: )"([a-z]+(?:_[a-z]+)*)"/g);
  const languages = LANGUAGES.map(({ code }) => code);
  const errors = codes.filter(({ found }) => !languages.some((code) => code === found));
  assert.ok(errors.length > 10);
  for (const { path, found } of errors) assert.ok(en.has(`error.${found}`), `${path}: ${found}`);
  for (const code of ["clipboard_denied", "worker_restarted", "picture_svg_refused"]) {
    assert.ok(en.has(`error.${code}`), code);
  }
});

/** Code that the page is built without: its errors reach programmers, in English. */
const PACKAGE_ONLY =
  /^(init|train|net\/planned|ops\/(?!(conv2d|pad2d)\.rs)|wasm\/(ops|boundary\/tensor|train)|math\/elementary)/;

test("the core's words for arguments and expectations are translated", () => {
  const rust = readdirSync(`${ROOT}src`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".rs") && !PACKAGE_ONLY.test(path.replaceAll("\\", "/")))
    .map((path) => readFileSync(`${ROOT}src/${path}`, "utf8").split("#[cfg(test)]")[0])
    .join("\n");
  const words = [
    [/\bargument: "([^"]+)"/g, "argument"],
    [/\b(?:wrong_type|text)\(\s*\w+,\s*[^,]+,\s*"([^"]+)"/g, "expected"],
    [/\btake\(\s*"([^"]+)"/g, "expected"],
    [/\bunexpected\(\s*(?:\d+,\s*|\w+(?:\([^)]*\))?,\s*)?"([A-Za-z][^"\\]*)"/g, "expected"],
    [/\btarget: "([^"]+)"/g, "target"],
    [/\bquantity: "([^"]+)"/g, "quantity"],
  ];
  for (const [pattern, detail] of /** @type {[RegExp, string][]} */ (words)) {
    const found = new Set([...rust.matchAll(pattern)].map(([, word]) => word));
    assert.ok(found.size > 0, detail);
    const missing = [...found].filter((word) => !en.has(`error.${detail}.${word}`));
    assert.deepEqual(missing, [], detail);
  }
});

test("an error's details are translated, its data left as they are", () => {
  const details = { operator: "conv2d", axis: "height", window: 21, input: 8 };
  assert.match(t("error.window_too_large", details), /21 pixels along the height.* only 8\./);
  setLanguage("ru");
  assert.match(t("error.window_too_large", details), /по высоте 21 пиксель.* 8\./);
  assert.match(t("error.not_a_number", { got: "<b>kernel</b>" }), /«<b>kernel<\/b>»/);
  assert.match(
    t("error.out_of_range", { argument: "bias", min: -1e6, max: 1e6, got: -2.5e6 }),
    /«смещение».* от −1\s000\s000 до 1\s000\s000, получено −2\s500\s000\./,
  );
});

test("Russian plurals agree with their number", () => {
  setLanguage("ru");
  const said = (/** @type {number} */ got) => t("error.text_ragged", { row: 2, got, expected: 9 });
  assert.match(said(1), /1 число,/);
  assert.match(said(3), /3 числа,/);
  assert.match(said(11), /11 чисел,/);
  assert.match(said(21), /21 число,/);
});

test("a missing key or detail shows the key", () => {
  assert.equal(t("lab.no_such_key"), "lab.no_such_key");
  assert.equal(t("toString"), "toString");
  assert.equal(t("error.text_ragged", { row: 2 }), "error.text_ragged");
});

test("numbers have a real minus, the language's decimal sign, and no more decimals than requested", () => {
  assert.equal(number(-1.25), "−1.25");
  assert.equal(number(-0.12345, { maximumFractionDigits: 2 }), "−0.12");
  assert.equal(number(-0.001, { maximumFractionDigits: 2 }), "0");
  assert.equal(number(-0), "0");
  assert.equal(number(2, { signDisplay: "always" }), "+2");
  assert.equal(number(1024), "1024");
  assert.equal(number(-12345.5), "−12,345.5");
  assert.equal(number(1e-7, { notation: "scientific" }), "1E−7");
  setLanguage("ru");
  assert.equal(number(-1.25), "−1,25");
  assert.equal(number(-12345.5), "−12\u00a0345,5");
});

test("the language is the link's, else the saved one, else the browser's, else English", () => {
  const navigator = { languages: ["de-DE", "ru-RU", "en"] };
  assert.equal(detectLanguage({ link: "en", saved: "ru", navigator }), "en");
  assert.equal(detectLanguage({ link: "tlh", saved: "RU", navigator }), "ru");
  assert.equal(detectLanguage({ link: "<b>", saved: { en: 1 }, navigator }), "ru");
  assert.equal(detectLanguage({ navigator: { languages: ["run", "de"] } }), "en");
  assert.equal(detectLanguage({ navigator: {} }), "en");
  assert.equal(detectLanguage(), "en");
});

test("an unknown language changes nothing", () => {
  setLanguage("ru");
  setLanguage("constructor");
  assert.equal(language.value, "ru");
});

test("a localized element updates with the language while it is connected", () => {
  let updates = 0;
  class Base {
    connectedCallback() {}
    disconnectedCallback() {}
    requestUpdate() {
      updates += 1;
    }
  }
  const element = new (Localized(/** @type {any} */ (Base)))();
  setLanguage("ru");
  assert.equal(updates, 0);
  element.connectedCallback();
  const connected = updates;
  setLanguage("en");
  assert.equal(updates, connected + 1);
  element.disconnectedCallback();
  setLanguage("ru");
  assert.equal(updates, connected + 1);
  element.connectedCallback();
  setLanguage("en");
  assert.equal(updates, connected + 3);
});
