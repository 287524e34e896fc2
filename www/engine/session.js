/**
 * One running engine: what it was sent, what it still owes.
 *
 * @import { Reply } from "./protocol.js"
 * @import { Channel } from "./loader.js"
 */
import { SentAssets } from "./assets.js";

export class Session {
  /**
   * Calls that wait for their answer. Each takes itself out, so that nothing is kept of it.
   * @type {Set<(reply: Reply) => void>}
   */
  openCalls = new Set();

  #loadModule;
  /** @type {Promise<Reply> | undefined}  settles when the engine has its part */
  #loaded;
  #assets = new SentAssets();
  /** @type {Reply | undefined}  the answer to every call once this session is over */
  #end;

  /**
   * @param {Channel} channel
   * @param {() => Promise<WebAssembly.Module>} loadModule  of the lab's part
   */
  constructor(channel, loadModule) {
    this.channel = channel;
    this.#loadModule = loadModule;
    channel.crashed.catch((reason) => this.#finish({ trap: String(reason?.message ?? reason) }));
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<Reply>}
   */
  ask(name, args) {
    return new Promise((resolve, reject) => {
      if (this.#end) return resolve(this.#end);
      const settle = (/** @type {Reply} */ reply) => {
        this.openCalls.delete(settle);
        resolve(reply);
      };
      this.openCalls.add(settle);
      this.#send(name, args).then(settle, (error) => {
        this.openCalls.delete(settle);
        reject(error);
      });
    });
  }

  /**
   * Ends the session; open calls get `reply`.
   * @param {Reply} reply
   */
  close(reply) {
    this.channel.close();
    this.#finish(reply);
  }

  /**
   * Has the engine load its part, once.
   * @returns {Promise<Reply>}
   */
  load() {
    if (!this.#loaded) {
      this.#loaded = this.#loadModule().then((module) => this.channel.runner.load(module));
      this.#loaded.catch(() => {
        this.#loaded = undefined;
      });
    }
    return this.#loaded;
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<Reply>}
   */
  async #send(name, args) {
    const loaded = await this.load();
    if (!("value" in loaded)) return loaded;
    return this.channel.runner.run({ name, ...this.#assets.pack(args) });
  }

  /** @param {Reply} reply */
  #finish(reply) {
    this.#end ??= reply;
    for (const settle of this.openCalls) settle(this.#end);
  }
}
