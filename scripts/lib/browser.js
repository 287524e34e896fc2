import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { Failure } from "./failure.js";
import { capture, run, runPackage } from "./run.js";

const COMMANDS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];

const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * The executable of a Chromium, Chrome or Edge on this machine, or `undefined`. The variables
 * `CHROMIUM_PATH` and `CHROME_PATH` take precedence.
 *
 * @throws {Failure} when a variable does not name a file
 */
export function findBrowser() {
  for (const variable of ["CHROMIUM_PATH", "CHROME_PATH"]) {
    const path = process.env[variable];
    if (!path) continue;
    if (!existsSync(path)) throw new Failure(`${variable} is not a file: ${path}`);
    return path;
  }
  const candidates = [...onPath(COMMANDS), ...APPLICATIONS, chromium.executablePath()];
  return candidates.find(isExecutable);
}

/**
 * Installs Chromium if there is none: Debian's for root, else Playwright's.
 *
 * @throws {Failure} with what to do
 */
export async function requireBrowser() {
  if (findBrowser()) return;
  console.log("No Chromium, Chrome or Edge found: installing one.");
  try {
    await (process.getuid?.() === 0 && (await hasApt()) ? installByApt() : installByPlaywright());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  if (!findBrowser()) {
    throw new Failure(
      "no browser: install Chromium, Chrome or Edge, or set CHROMIUM_PATH to its executable",
    );
  }
}

async function hasApt() {
  return (await capture("apt-get", ["--version"])).code === 0;
}

async function installByApt() {
  await run("apt-get", ["update"]);
  await run("env", [
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "install",
    "--yes",
    "--no-install-recommends",
    "chromium",
  ]);
}

async function installByPlaywright() {
  await runPackage("@playwright/test/cli.js", ["install", "chromium"]);
}

/** @param {string[]} commands */
function onPath(commands) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return commands.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
