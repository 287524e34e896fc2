/**
 * The weights of the trained network: a file beside the page, fetched only when asked for, checked, and
 * kept by the browser for the next visit.
 */
import { signal } from "@preact/signals-core";
import { asset } from "../../engine/assets.js";
import { problemOf } from "../shared/problem.js";
import { BYTES, SHA256 } from "./efficientnet-lite0/about.js";
import address from "./efficientnet-lite0/weights.bin?url";

/**
 * @import { Problem } from "../../engine/protocol.js"
 * @import { WeightsReport } from "./contract.js"
 *
 * @typedef {{ kind: "none" | "checking" | "ready" }
 *   | { kind: "own", report: WeightsReport }
 *   | { kind: "loading", received: number }
 *   | { kind: "failed", why: "unreachable" | "damaged" | "absent" | "too_large" }
 *   | { kind: "failed", why: "wrong_file", problem: Problem }
 *   | { kind: "failed", why: "unfit", report: WeightsReport }} Status
 */

export { BYTES };

const CACHE = "cnn-playground-weights";

/** Most bytes of a file of one's own: three times what this network takes in float32. */
const OWN_LIMIT = 64e6;

/** Progress is shown at most this often, in milliseconds. */
const SHOWN_MS = 50;

export class WeightsSource {
  /** @type {import("@preact/signals-core").Signal<Status>} */
  status = signal(/** @type {Status} */ ({ kind: "none" }));
  /** @type {import("@preact/signals-core").Signal<Uint8Array<ArrayBuffer> | null>} */
  bytes = signal(/** @type {Uint8Array<ArrayBuffer> | null} */ (null));

  #abort = new AbortController();
  #turn = 0;
  #report;

  /** @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<WeightsReport>} report  asks the core */
  constructor(report) {
    this.#report = report;
  }

  /** Whether there is a file beside the page: there is none beside the single file or the package. */
  get isReachable() {
    return Boolean(address);
  }

  /** Takes what an earlier visit has kept, if it did. */
  async restore() {
    if (this.bytes.peek() || this.status.peek().kind !== "none" || !address) return;
    const turn = ++this.#turn;
    const cache = await openCache();
    const kept = await cache?.match(url()).catch(() => undefined);
    if (!kept || turn !== this.#turn) return;
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (turn !== this.#turn) return;
    if (await isWhole(bytes)) this.#take(bytes);
    else await cache?.delete(url());
  }

  /** Fetches the file beside the page. */
  async load() {
    if (!address) return this.#fail("absent");
    const turn = ++this.#turn;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.status.value = { kind: "loading", received: 0 };
    try {
      const bytes = await this.#received(turn, this.#abort.signal);
      if (turn !== this.#turn) return;
      this.status.value = { kind: "checking" };
      const whole = await isWhole(bytes);
      if (turn !== this.#turn) return;
      if (!whole) return this.#fail("damaged");
      this.#take(bytes);
      const cache = await openCache();
      // Without room or permission the next visit fetches it again.
      await cache?.put(url(), new Response(bytes)).catch(() => {});
    } catch {
      if (turn === this.#turn) this.#fail("unreachable");
    }
  }

  /**
   * Takes a file of the learner's: the one beside the page, or any other that fits the network. Nothing of
   * a file that does not fit is loaded.
   * @param {Blob} file
   */
  async open(file) {
    const turn = ++this.#turn;
    this.#abort.abort();
    if (file.size > OWN_LIMIT) return this.#fail("too_large");
    this.status.value = { kind: "checking" };
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const isShipped = await isWhole(bytes);
      const report = await this.#report(bytes);
      if (turn !== this.#turn) return;
      if (report.missing.length + report.otherShape.length > 0) {
        this.status.value = { kind: "failed", why: "unfit", report };
      } else {
        this.#take(bytes);
        if (!isShipped) this.status.value = { kind: "own", report };
      }
    } catch (error) {
      if (turn !== this.#turn) return;
      this.status.value = { kind: "failed", why: "wrong_file", problem: problemOf(error) };
    }
  }

  /** Stops fetching. */
  cancel() {
    this.#turn++;
    this.#abort.abort();
    this.status.value = { kind: this.bytes.peek() ? "ready" : "none" };
  }

  /**
   * @param {number} turn
   * @param {AbortSignal} stopped
   */
  async #received(turn, stopped) {
    const response = await fetch(url(), { signal: stopped });
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
    const reader = response.body.getReader();
    const bytes = new Uint8Array(BYTES);
    let received = 0;
    let shown = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return bytes.subarray(0, received);
      // A longer file is not the one that was promised.
      if (received + value.length > BYTES) return new Uint8Array(0);
      bytes.set(value, received);
      received += value.length;
      const now = performance.now();
      if (turn !== this.#turn || now - shown < SHOWN_MS) continue;
      shown = now;
      this.status.value = { kind: "loading", received };
    }
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  #take(bytes) {
    this.bytes.value = asset(bytes);
    this.status.value = { kind: "ready" };
  }

  /** @param {"unreachable" | "damaged" | "absent" | "too_large"} why */
  #fail(why) {
    this.status.value = { kind: "failed", why };
  }
}

function url() {
  return new URL(address, import.meta.url).href;
}

/** The browser's store, if it has one and gives it to this page. */
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/**
 * Whether these are the bytes that were committed. Where the page is not served securely there is no
 * digest, and the core's own check of the layout has to do.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function isWhole(bytes) {
  if (bytes.length !== BYTES) return false;
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const text = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text === SHA256;
}
