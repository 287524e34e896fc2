/**
 * Helpers of the robustness tests: a page that must not report errors, its visible content,
 * generated files, and workers that fail on purpose.
 *
 * @import { Page, Response } from "@playwright/test"
 * @import { KernelLabState } from "../../../www/labs/kernel/state.js"
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { crc32, deflateSync } from "node:zlib";
import { test as base, expect } from "@playwright/test";
import { DIST } from "../../visit.js";
import { Lab } from "./lab.js";

export { DIST, expect };

/**
 * @typedef {object} Watch  what the context's pages report: errors thrown, rejected or logged, and
 *   warnings
 * @property {string[]} passed  reports that were allowed
 * @property {(pattern: RegExp) => void} allow  allows reports that a test provokes
 */

/** A test that fails on any error or warning that a page reports. */
export const test = base.extend(
  /**
   * @type {import("@playwright/test").Fixtures<{ watch: Watch, serve: Serve, lab: Lab }, {},
   *   import("@playwright/test").PlaywrightTestArgs>}
   */ ({
    watch: [
      async ({ context }, use) => {
        // The tests read canvases that the page only draws to.
        const allowed = [/^Canvas2D: Multiple readback/];
        /** @type {string[]} */
        const errors = [];
        /** @type {string[]} */
        const passed = [];
        const note = (/** @type {string} */ text) => {
          const isAllowed = allowed.some((pattern) => pattern.test(text));
          (isAllowed ? passed : errors).push(text);
        };
        context.on("weberror", (report) => note(String(report.error())));
        context.on("console", (message) => {
          if (["error", "warning"].includes(message.type())) note(message.text());
        });
        await use({ passed, allow: (pattern) => allowed.push(pattern) });
        expect(errors, "errors and warnings of the page").toEqual([]);
      },
      { auto: true },
    ],
    serve: async ({ context: _ }, use) => {
      /** @type {DistServer[]} */
      const servers = [];
      await use((change) => {
        const server = new DistServer(change);
        servers.push(server);
        return server.start();
      });
      for (const server of servers) server.stop();
    },
    lab: async ({ page }, use) => {
      const lab = new Lab(page);
      await lab.open();
      await use(lab);
    },
  }),
);

/**
 * Everything a learner could lose: the state and the pixels of both canvases.
 * @param {Lab} lab
 */
export async function work(lab) {
  return {
    state: await lab.state(),
    input: await lab.input.canvas.evaluate(fingerprint),
    output: await lab.output.canvas.evaluate(fingerprint),
  };
}

/**
 * Runs in the page: the size of a canvas and a hash (FNV-1a) of its pixels.
 * @param {HTMLElement | SVGElement} element
 */
export function fingerprint(element) {
  const canvas = /** @type {HTMLCanvasElement} */ (element);
  const { width, height } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let hash = 0x811c9dc5;
  for (const byte of context.getImageData(0, 0, width, height).data) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${height} x ${width}, ${(hash >>> 0).toString(16)}`;
}

/**
 * The visible error sentences on the page, in all shadow roots.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export function problems(page) {
  return page.evaluate(() => {
    /** @param {Document | ShadowRoot} root @returns {string[]} */
    const within = (root) =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        ...(element.matches(".problem") && element.checkVisibility() ? [words(element)] : []),
        ...(element.shadowRoot ? within(element.shadowRoot) : []),
      ]);
    /** The text without its buttons. @param {Element} element */
    const words = (element) =>
      [...element.childNodes]
        .filter(({ nodeName }) => nodeName !== "BUTTON" && nodeName !== "#comment")
        .map(({ textContent }) => textContent?.trim())
        .filter(Boolean)
        .join(" ")
        .replace(/\s+/g, " ");
    return within(document).filter(Boolean);
  });
}

/**
 * Waits until exactly one error sentence is visible and it matches.
 * @param {Page} page
 * @param {RegExp} sentence
 */
export async function expectOneProblem(page, sentence) {
  await expect.poll(() => problems(page)).toEqual([expect.stringMatching(sentence)]);
}

/**
 * The address of a lab in a state, which need not be valid.
 * @param {unknown} state
 */
export function link(state) {
  return `./#kernel=${Buffer.from(JSON.stringify(state)).toString("base64url")}`;
}

/**
 * Gives the page a file as if it had been chosen.
 * @param {Page} page
 * @param {string} name
 * @param {Buffer | string} content
 * @param {string} [mimeType]
 */
export async function choose(page, name, content, mimeType = "image/png") {
  const file = { name, mimeType, buffer: Buffer.from(content) };
  await page.locator("cnn-picture-picker input[type=file]").setInputFiles(file);
}

/**
 * A PNG file, 8 bits of red, green and blue. The claimed size may differ.
 * @param {number} width
 * @param {number} height
 * @param {(row: number, col: number) => number[]} [colorOf]
 * @param {{ width: number, height: number }} [claimed]
 */
export function png(width, height, colorOf = () => [128, 128, 128], claimed = { width, height }) {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      rows.set(colorOf(row, col), row * (1 + 3 * width) + 1 + 3 * col);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claimed.width, 0);
  header.writeUInt32BE(claimed.height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * @param {string} name
 * @param {Buffer} data
 */
function pngChunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/**
 * An animated GIF with frames of a single grey.
 * @param {number} side
 * @param {number[]} greys  0 to 127, one for each frame
 */
export function gif(side, greys) {
  const palette = Buffer.from(
    Array.from({ length: 128 }, (_, grey) => Array(3).fill(2 * grey)).flat(),
  );
  const frames = greys.map((grey) => {
    // The code table is cleared before it grows, so every code is 8 bits long.
    const pixels = Array.from({ length: side * side }, (_, i) => (i % 100 ? [grey] : [128, grey]));
    const codes = Buffer.from([...pixels.flat(), 129]);
    const blocks = [];
    for (let at = 0; at < codes.length; at += 255) {
      const block = codes.subarray(at, at + 255);
      blocks.push(Buffer.from([block.length]), block);
    }
    return Buffer.concat([
      Buffer.from([0x21, 0xf9, 4, 0, 10, 0, 0, 0]),
      Buffer.from([0x2c, 0, 0, 0, 0, side, 0, side, 0, 0]),
      Buffer.from([7]),
      ...blocks,
      Buffer.from([0]),
    ]);
  });
  return Buffer.concat([
    Buffer.from("GIF89a", "latin1"),
    Buffer.from([side, 0, side, 0, 0xf6, 0, 0]),
    palette,
    ...frames,
    Buffer.from([0x3b]),
  ]);
}

/**
 * @typedef {{ status?: number, headers?: Record<string, string>, body?: string | Buffer }} Answer
 *   omitted parts are unchanged
 * @typedef {(path: string, body: Buffer | null) => Answer | undefined | Promise<Answer>} Change
 *   the answer for a path below the server's base; the body is the built file, if there is one
 * @typedef {(change?: Change) => Promise<string>} Serve  returns the address of the page
 */

const TYPES = /** @type {Record<string, string>} */ ({
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webp: "image/webp",
});

/** A server of the built files that may misbehave. */
class DistServer {
  #server;

  /** @param {Change} [change] */
  constructor(change) {
    this.#server = createServer(async ({ url = "/" }, response) => {
      const path = decodeURIComponent(new URL(url, "http://localhost").pathname).replace(BASE, "");
      const file = new URL(path || "index.html", DIST);
      const found = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null;
      const answer = (await change?.(path, found)) ?? {};
      const type = TYPES[file.pathname.split(".").at(-1) ?? ""] ?? "text/plain";
      response.writeHead(answer.status ?? ((answer.body ?? found) ? 200 : 404), {
        "content-type": type,
        "cache-control": "no-cache",
        ...answer.headers,
      });
      response.end(answer.body ?? found ?? "");
    });
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(0, "localhost", () => resolve(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.#server.address());
    return `http://localhost:${port}${BASE}`;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const BASE = "/another/place/";

/**
 * Faults of a worker: the calls of wasm functions at which it traps, and those at which it waits
 * until the test opens the gate. Calls are counted from 1 in each worker.
 * @typedef {{ traps?: Record<string, number[] | "all">, waits?: Record<string, number[]> }} Faults
 */

/**
 * Serves the page with faulty workers.
 * @param {Serve} serve
 * @param {(index: number) => Faults} faultsOf  of the first worker that starts, the second, ...
 */
export async function serveFaults(serve, faultsOf) {
  const gate = new Gate();
  let started = 0;
  const address = await serve(async (path, body) => {
    if (path.endsWith("gate")) {
      gate.arrived();
      await gate.opened;
      return { body: "open" };
    }
    if (!isWorkerScript(path)) return {};
    const faults = JSON.stringify(faultsOf(started));
    started += 1;
    return { body: `(${sabotage})(${faults});\n${body}` };
  });
  return { address, gate, started: () => started };
}

/**
 * Whether a file of the build is the script of a lab's module workers.
 * @param {string} path
 */
export function isWorkerScript(path) {
  return /-worker-[\w-]{8}\.js$/.test(path);
}

/** Holds a worker inside a call until it is opened. */
class Gate {
  constructor() {
    /** @type {() => void} */
    this.arrived = () => {};
    /** @type {() => void} */
    this.open = () => {};
    /** Resolves once a worker waits. @type {Promise<void>} */
    this.reached = new Promise((resolve) => {
      this.arrived = resolve;
    });
    /** @type {Promise<void>} */
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

/**
 * Runs in a worker, or in a page, before the engine's own script: wraps the functions of every
 * wasm instance. The trap is a real one, of a real module.
 * @param {Faults} faults
 */
export function sabotage({ traps = {}, waits = {} }) {
  const { Instance } = WebAssembly;
  // (module (func (export "t") unreachable))
  const bytes = "0061736d0100000001040160000003020100070501017400000a05010300000b";
  const code = Uint8Array.from(bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const trap = /** @type {() => void} */ (new Instance(new WebAssembly.Module(code)).exports.t);
  /** @type {Record<string, number>} */
  const calls = {};
  Object.assign(globalThis, { wasmCalls: calls });
  const wrapped = (/** @type {string} */ name, /** @type {any} */ value) =>
    typeof value !== "function" || name.startsWith("__")
      ? value
      : (/** @type {unknown[]} */ ...args) => {
          calls[name] = (calls[name] ?? 0) + 1;
          if (traps[name] === "all" || traps[name]?.includes(calls[name])) trap();
          if (waits[name]?.includes(calls[name])) {
            const request = new XMLHttpRequest();
            request.open("GET", "gate", false);
            request.send();
          }
          return value(...args);
        };
  WebAssembly.Instance = new Proxy(Instance, {
    construct(_target, [module, imports]) {
      const { exports } = new Instance(module, imports);
      const entries = Object.entries(exports).map(([name, value]) => [name, wrapped(name, value)]);
      return { exports: Object.fromEntries(entries) };
    },
  });
}
