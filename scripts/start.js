import { stripVTControlCharacters } from "node:util";
import { Failure, main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { fromRoot } from "./lib/paths.js";
import { requireRust } from "./lib/rust.js";
import { buildWasm } from "./wasm.js";

const RUST = ["src", "Cargo.toml", "Cargo.lock"].map(fromRoot);
const DEBOUNCE_MS = 150;

/** Serves the page and rebuilds it on every change: Vite watches `www/`, this script `src/`. */
main(async () => {
  requireNode();
  await requireRust();
  const { createServer } = await import("vite");
  const { developmentServer } = await import("./vite/development.js");
  const server = await createServer(developmentServer);
  const rebuild = rebuilder(server);
  await rebuild();
  await server.listen();
  server.printUrls();
  watch(server, rebuild);
});

/**
 * A function that builds the wasm and shows the result in the browser. While the Rust code does not
 * compile, the last good module stays in use under the compiler's message.
 *
 * @param {import("vite").ViteDevServer} server
 */
function rebuilder(server) {
  /** @type {import("vite").HotPayload | null} */
  let problem = null;
  server.ws.on("connection", () => {
    if (problem) server.ws.send(problem);
  });
  return async () => {
    try {
      if (!(await buildWasm({ dev: true })) && !problem) return;
      problem = null;
      server.moduleGraph.invalidateAll();
      server.ws.send({ type: "full-reload" });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problem = overlay(stripVTControlCharacters(String(error.cause)));
      server.ws.send(problem);
    }
  };
}

/**
 * @param {string} message
 * @returns {import("vite").HotPayload}
 */
function overlay(message) {
  return { type: "error", err: { message, stack: "", plugin: "cargo" } };
}

/**
 * Calls `rebuild` when the Rust code changes, one build at a time.
 *
 * @param {import("vite").ViteDevServer} server
 * @param {() => Promise<void>} rebuild
 */
function watch(server, rebuild) {
  let queue = Promise.resolve();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  server.watcher.add(RUST);
  server.watcher.on("all", (_event, file) => {
    if (!RUST.some((path) => file.startsWith(path))) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      queue = queue.then(rebuild);
    }, DEBOUNCE_MS);
  });
}
