/** The page's side of an engine and the far side, with channels and cores made up for the test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { asset, SentAssets } from "../../www/engine/assets.js";
import { EngineClient } from "../../www/engine/client.js";
import { Lanes } from "../../www/engine/lanes.js";
import { createRunner } from "../../www/engine/runner.js";
import { Session } from "../../www/engine/session.js";

/** @import { Call, Reply } from "../../www/engine/protocol.js" */

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const loadModule = async () => new WebAssembly.Module(EMPTY_MODULE);

const picture = (side = 2) =>
  asset({ width: side, height: side, data: new Uint8ClampedArray(4 * side * side) });

/**
 * A channel whose calls the test answers.
 * @param {(call: Call) => Reply | Promise<Reply>} [answer]
 */
function fakeChannel(answer = () => ({ value: "done" })) {
  /** @type {Call[]} */
  const calls = [];
  let isClosed = false;
  /** @type {(reason: unknown) => void} */
  let crash = () => {};
  const channel = {
    runner: {
      load: () => ({ value: undefined }),
      run: (/** @type {Call} */ call) => {
        calls.push(call);
        return answer(call);
      },
    },
    started: Promise.resolve(),
    crashed: /** @type {Promise<never>} */ (
      new Promise((_, reject) => {
        crash = reject;
      })
    ),
    close: () => {
      isClosed = true;
    },
  };
  return { channel, calls, crash, isClosed: () => isClosed };
}

const never = () => /** @type {Promise<Reply>} */ (new Promise(() => {}));

test("a session keeps nothing of the calls that were answered", async () => {
  const { channel } = fakeChannel(({ name }) =>
    name === "refused"
      ? { problem: { code: "out_of_range", message: "", details: {} } }
      : Promise.resolve({ value: name }),
  );
  const session = new Session(channel, loadModule);
  for (let time = 0; time < 1500; time++) {
    assert.deepEqual(await session.ask("output", [time]), { value: "output" });
    assert.ok("problem" in (await session.ask("refused", [time])));
  }
  const replies = Array.from({ length: 100 }, () => session.ask("output", []));
  assert.equal(session.openCalls.size, 100);
  await Promise.all(replies);
  assert.equal(session.openCalls.size, 0);
});

test("a call that could not be sent is kept no longer either", async () => {
  const { channel } = fakeChannel(() => Promise.reject(new Error("cannot be cloned")));
  const session = new Session(channel, loadModule);
  await assert.rejects(session.ask("output", []), /cannot be cloned/);
  assert.equal(session.openCalls.size, 0);
});

test("closing a session settles its open calls, and those to come", async () => {
  const { channel, isClosed } = fakeChannel(never);
  const session = new Session(channel, loadModule);
  const open = [session.ask("output", []), session.ask("input", [])];
  assert.equal(session.openCalls.size, 2);
  const end = { trap: "unreachable" };
  session.close(end);
  assert.deepEqual(await Promise.all(open), [end, end]);
  assert.equal(session.openCalls.size, 0);
  assert.deepEqual(await session.ask("output", []), end);
  assert.ok(isClosed());
});

test("a worker that dies settles its open calls", async () => {
  const { channel, crash } = fakeChannel(never);
  const session = new Session(channel, loadModule);
  const open = session.ask("output", []);
  crash(new Error("shot"));
  assert.deepEqual(await open, { trap: "shot" });
  assert.equal(session.openCalls.size, 0);
});

test("a module that could not be loaded is asked for again", async () => {
  const { channel } = fakeChannel();
  let tries = 0;
  const session = new Session(channel, async () => {
    tries++;
    if (tries === 1) throw new Error("503");
    return loadModule();
  });
  await assert.rejects(session.ask("output", []), /503/);
  assert.deepEqual(await session.ask("output", []), { value: "done" });
});

test("an asset is sent once to each engine, as any argument", async () => {
  const [first, second] = [picture(), picture()];
  const { channel, calls } = fakeChannel();
  const session = new Session(channel, loadModule);
  await session.ask("output", [first, { bias: 1 }]);
  await session.ask("compare", [{ bias: 1 }, second, first]);
  assert.deepEqual(
    calls.map(({ args }) => args),
    [
      [{ asset: 1, value: first }, { value: { bias: 1 } }],
      [{ value: { bias: 1 } }, { asset: 2, value: second }, { asset: 1 }],
    ],
  );
  const fresh = fakeChannel();
  await new Session(fresh.channel, loadModule).ask("output", [first]);
  assert.deepEqual(fresh.calls[0].args, [{ asset: 1, value: first }]);
});

test("what was not marked as an asset is sent as it is", () => {
  const sent = new SentAssets();
  const plain = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  for (const value of [plain, null, undefined, 7, "text"]) {
    assert.deepEqual(sent.pack([value]), { args: [{ value }], dropped: [] });
  }
});

test("the assets used longest ago make room, by number and by bytes", () => {
  const byCount = new SentAssets({ count: 2, bytes: Number.POSITIVE_INFINITY });
  const [a, b, c] = [picture(), picture(), picture()];
  const dropped = [a, b, a, c, b].map((one) => byCount.pack([one]).dropped);
  assert.deepEqual(dropped, [[], [], [], [2], [1]]);

  const bytes = 4 * 4 ** 2;
  const byBytes = new SentAssets({ count: 8, bytes: 2 * bytes });
  const large = picture(8);
  assert.deepEqual(byBytes.pack([picture(4)]).dropped, []);
  assert.deepEqual(byBytes.pack([picture(4)]).dropped, []);
  assert.deepEqual(byBytes.pack([large]).dropped, [1, 2]);
  assert.deepEqual(byBytes.pack([large]).dropped, [], "what the call needs stays");
  assert.deepEqual(byBytes.pack([picture(1)]).dropped, [3]);
});

test("what a call needs is never dropped for it", () => {
  const sent = new SentAssets({ count: 1, bytes: 1 });
  const [a, b] = [picture(), picture()];
  assert.deepEqual(sent.pack([a, b]).dropped, []);
  assert.deepEqual(sent.pack([b]).dropped, [1]);
});

/** A core that counts the objects that are alive. */
function fakeCore() {
  const alive = new Set();
  class Lab {
    /** @param {{ width: number }} picture */
    constructor({ width }) {
      this.width = width;
      alive.add(this);
    }
    free() {
      alive.delete(this);
    }
    /** @param {number} bias */
    output(bias) {
      return this.width + bias;
    }
  }
  let traps = 0;
  const contract = {
    initSync: () => {},
    functions: {
      double: (/** @type {number} */ value) => 2 * value,
      refuse: () => {
        throw Object.assign(new Error("no"), { code: "out_of_range", details: { min: 0 } });
      },
      trapOnce: () => {
        if (++traps === 1) throw new WebAssembly.RuntimeError("unreachable");
        return "right";
      },
      trap: () => {
        throw new WebAssembly.RuntimeError("unreachable");
      },
      widthOf: (/** @type {{ width: number }} */ picture) => picture.width,
    },
    Lab,
    open: (/** @type {{ width: number }} */ picture) => new Lab(picture),
  };
  return { contract, alive };
}

test("what the lab makes of an asset is made once, and freed with it", () => {
  const { contract, alive } = fakeCore();
  const { run } = createRunner(contract);
  const sent = new SentAssets({ count: 2, bytes: Number.POSITIVE_INFINITY });
  const ask = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) =>
    run({ name, ...sent.pack(args) });
  const pictures = [picture(1), picture(2), picture(3)];
  for (let time = 0; time < 3; time++) {
    assert.deepEqual(ask("output", pictures[0], 0.5), { value: 1.5 });
    assert.deepEqual(ask("output", pictures[1], 0.5), { value: 2.5 });
  }
  assert.equal(alive.size, 2);
  assert.deepEqual(ask("output", pictures[2], 0), { value: 3 });
  assert.equal(alive.size, 2);
  assert.deepEqual(ask("widthOf", pictures[0]), { value: 1 });
  assert.equal(alive.size, 1, "a function makes no object of its picture");
});

test("a runner tells a refusal from a bug", () => {
  const { contract } = fakeCore();
  const { run } = createRunner(contract);
  const ask = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) =>
    run({ name, ...new SentAssets().pack(args) });
  assert.deepEqual(ask("double", 4), { value: 8 });
  const problem = { code: "out_of_range", message: "no", details: { min: 0 } };
  assert.deepEqual(ask("refuse"), { problem });
  assert.ok("trap" in ask("trap"));
  assert.ok("trap" in ask("unknown"));
  assert.ok("trap" in ask("output", { width: 1 }));
  assert.ok("trap" in run({ name: "output", args: [{ asset: 7 }], dropped: [] }));
});

/** An engine on this thread: Node has no workers of the browser's kind. */
function client() {
  const { contract } = fakeCore();
  const packed = gzipSync(EMPTY_MODULE).toString("base64");
  return new EngineClient(
    /** @type {import("../../www/engine/loader.js").Source} */ ({
      wasm: `data:application/gzip;base64,${packed}`,
      worker: "",
      workerText: () => Promise.reject(new Error("no worker")),
      contract: async () => ({ contract }),
    }),
  );
}

test("a client asks in the way that works, and again after a trap", async () => {
  const engine = /** @type {EngineClient<any>} */ (client());
  const restarts = [];
  engine.addEventListener("engine-restart", (event) => restarts.push(event));
  assert.equal(await engine.core.double(21), 42);
  await assert.rejects(engine.core.refuse(), { code: "out_of_range" });
  assert.equal(await engine.core.trapOnce(), "right");
  assert.equal(restarts.length, 1);
  await assert.rejects(engine.core.trap(), { code: "engine_failed" });
  assert.equal(await engine.core.output(picture(3), 1), 4);
  assert.equal(await (await engine.core).double(1), 2, "the core is no promise");
});

test("cancelling refuses what is open and what waits, and the next request is answered", async () => {
  const engine = /** @type {EngineClient<any>} */ (client());
  await engine.core.double(1);
  /** @type {() => void} */
  let finish = () => {};
  const held = engine.latest("main", () => new Promise((resolve) => (finish = () => resolve(1))));
  const waiting = engine.latest("main", () => engine.core.double(2));
  engine.cancel();
  finish();
  assert.equal(await held, 1);
  await assert.rejects(waiting, { code: "cancelled" });
  assert.equal(await engine.latest("main", () => engine.core.double(3)), 6);
});

test("the newest of a lane wins, and a lane without work is forgotten", async () => {
  const lanes = new Lanes();
  /** @type {string[]} */
  const done = [];
  const work = (/** @type {string} */ name) => async () => {
    await new Promise((resolve) => setTimeout(resolve));
    done.push(name);
    return name;
  };
  const results = await Promise.all([
    ...["a", "b", "c"].map((name) => lanes.latest("main", work(name))),
    lanes.latest("side", work("d")),
  ]);
  assert.deepEqual(results, ["a", null, "c", "d"]);
  assert.deepEqual(done, ["a", "d", "c"]);
  const failing = lanes.latest("main", async () => {
    throw new Error("failed");
  });
  const next = lanes.latest("main", work("e"));
  await assert.rejects(failing, /failed/);
  assert.equal(await next, "e");
  assert.equal(lanes.size, 0);
});
