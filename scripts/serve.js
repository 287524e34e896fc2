import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main } from "./lib/failure.js";
import { fromRoot } from "./lib/paths.js";

const TYPES = new Map(
  Object.entries({
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ts": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
  }),
);

const USAGE = `usage: npm run preview -- [--port 4173] [--base /] [--folder dist]

Serves a built folder like any static web server. Port 0 picks a free port.`;

main(async () => {
  const { port, base, folder, help } = options();
  if (help) {
    console.log(USAGE);
    return;
  }
  const root = fromRoot(folder);
  const server = createServer((request, response) => answer(root, base, request, response));
  server.on("error", () => {
    console.error(`error: port ${port} is in use or not allowed: choose another with --port`);
    process.exitCode = 1;
  });
  server.listen(port, "localhost", () => {
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());
    console.log(`http://localhost:${address.port}${base}`);
  });
});

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4173" },
      base: { type: "string", default: "/" },
      folder: { type: "string", default: "dist" },
      help: { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new Failure(`${values.port} is not a port`);
  }
  if (!/^\/(.*\/)?$/.test(values.base)) {
    throw new Failure("the base must start and end with a slash");
  }
  return { ...values, port };
}

/**
 * @param {string} root absolute path of the folder; nothing outside it is served
 * @param {string} base the URL path below which the folder appears
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
function answer(root, base, request, response) {
  const file = requestedFile(root, base, request.url ?? "/");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
  } else if (file === null) {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
  } else {
    response.writeHead(200, {
      "content-type": TYPES.get(extname(file)) ?? "application/octet-stream",
      "content-length": statSync(file).size,
      "cache-control": "no-cache",
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  }
}

/**
 * @param {string} root
 * @param {string} base
 * @param {string} url
 * @returns {string | null}
 */
function requestedFile(root, base, url) {
  const path = decodedPath(url);
  if (!path?.startsWith(base) || path.includes("\0")) return null;
  const file = normalize(
    join(root, path.slice(base.length), path.endsWith("/") ? "index.html" : ""),
  );
  if (!file.startsWith(root + sep)) return null;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

/** @param {string} url */
function decodedPath(url) {
  try {
    return decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return null;
  }
}
