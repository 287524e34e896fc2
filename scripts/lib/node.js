import { existsSync } from "node:fs";
import { Failure } from "./failure.js";
import { fromRoot } from "./paths.js";

/**
 * Checks that this Node is new enough and that `npm ci` has run.
 *
 * @throws {Failure} with what to do
 */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!supported) {
    throw new Failure(
      `Node ${process.versions.node} is too old: version 20.19, 22.12 or newer is needed (https://nodejs.org)`,
    );
  }
  if (!existsSync(fromRoot("node_modules/vite"))) {
    throw new Failure("the packages are not installed: run `npm ci --ignore-scripts` first");
  }
}
