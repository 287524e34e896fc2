import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/lib/browser.js";

/** The page is served below a path like this one to show that no address in it is absolute. */
const BASE = "/any/sub/path/";

export default defineConfig({
  testDir: "tests/browser",
  outputDir: "test-results",
  timeout: 30_000,
  expect: { timeout: 10_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A machine that stalls may cost a test its time limit; the report names each one that needed its second run.
  retries: 1,
  reporter: "list",
  use: {
    // The server below prints its address, and Playwright sets this variable from it.
    baseURL: `http://localhost:${process.env.PREVIEW_PORT}${BASE}`,
    viewport: { width: 1400, height: 1000 },
    locale: "en",
    // Recording a trace takes a third of the time: `npx playwright test --trace on` where one is needed.
    trace: "off",
    launchOptions: { executablePath: findBrowser(), args: browserArguments() },
  },
  projects: [{ name: "chromium", use: { browserName: "chromium" } }],
  webServer: {
    command: `node scripts/serve.js --port 0 --base ${BASE}`,
    wait: { stdout: /localhost:(?<preview_port>\d+)/ },
  },
});

function browserArguments() {
  const quiet = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
  ];
  // Chromium refuses to run sandboxed as root, as in most containers.
  return process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet;
}
