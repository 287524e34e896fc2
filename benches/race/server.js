import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, normalize, sep } from "node:path";

const TYPES = new Map(
  Object.entries({
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
  }),
);

/**
 * Serves folders and texts to the pages of a race, on this machine alone and never from a cache.
 *
 * @param {Record<string, string>} folders  by the first part of the path
 * @param {Record<string, string | Buffer>} files  contents by path
 */
export async function serve(folders, files) {
  /** What has been asked for since this was last emptied. @type {Map<string, Buffer>} */
  const asked = new Map();
  const server = createServer(async ({ url }, response) => {
    const path = new URL(url ?? "/", "http://localhost").pathname;
    const content = files[path] ?? (await fileOf(folders, path));
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    asked.set(path, Buffer.from(content));
    const type = TYPES.get(extname(path)) ?? "application/octet-stream";
    response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(content);
  });
  await new Promise((resolve) => server.listen(0, "localhost", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://localhost:${port}`, asked, close: () => server.close() };
}

/**
 * @param {Record<string, string>} folders
 * @param {string} path
 */
async function fileOf(folders, path) {
  const [, first, ...rest] = normalize(path).split(sep);
  const folder = folders[first];
  if (folder === undefined) return undefined;
  return readFile(`${folder}/${rest.join("/")}`).catch(() => undefined);
}
