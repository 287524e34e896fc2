/**
 * One running engine: what it was sent, what it still owes.
 *
 * @import { Part, Picture, Reply } from "./protocol.js"
 * @import { Channel } from "./loader.js"
 */
import { PICTURE_OPERATIONS, partOf } from "./protocol.js";
import { wasmModule } from "./wasm-module.js";

/** Pictures that an engine keeps; more than a page of labs shows at once. */
const PICTURES_KEPT = 8;

export class Session {
  /** @type {Map<Picture, number>}  least recently used first */
  #pictures = new Map();
  #lastId = 0;
  /** @type {Map<Part, Promise<Reply>>}  the parts that the engine has, or is getting */
  #parts = new Map();
  /** @type {(reply: Reply) => void} */
  #end = () => {};
  /** @type {Promise<Reply>}  the answer to every open call once this session is over */
  #ended;

  /** @param {Channel} channel */
  constructor(channel) {
    this.channel = channel;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    channel.crashed.catch((reason) => this.#end({ trap: String(reason?.message ?? reason) }));
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<Reply>}
   */
  ask(name, args) {
    return Promise.race([this.#send(name, args), this.#ended]);
  }

  /**
   * Ends the session; open calls get `reply`.
   * @param {Reply} reply
   */
  close(reply) {
    this.channel.close();
    this.#end(reply);
  }

  /**
   * Has the engine load one of its parts, once.
   * @param {Part} part
   * @returns {Promise<Reply>}
   */
  load(part) {
    const known = this.#parts.get(part);
    if (known) return known;
    const loading = wasmModule(part).then((module) => this.channel.runner.load(part, module));
    this.#parts.set(part, loading);
    loading.catch(() => this.#parts.delete(part));
    return loading;
  }

  /**
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<Reply>}
   */
  async #send(name, args) {
    const { runner } = this.channel;
    const loaded = await this.load(partOf(name));
    if (!("value" in loaded)) return loaded;
    if (!PICTURE_OPERATIONS.has(name)) return runner.run(name, args);
    const [picture, ...rest] = args;
    const { id, kept } = this.#keep(/** @type {Picture} */ (picture));
    // Both are on their way at once; the engine takes them in this order.
    const [keeping, reply] = await Promise.all([kept, runner.run(name, [id, ...rest])]);
    return "value" in keeping ? reply : keeping;
  }

  /**
   * Makes sure that the engine has the picture, and that it has not too many.
   * @param {Picture} picture
   * @returns {{ id: number, kept: Reply | Promise<Reply> }}
   */
  #keep(picture) {
    const known = this.#pictures.get(picture);
    const id = known ?? ++this.#lastId;
    this.#pictures.delete(picture);
    this.#pictures.set(picture, id);
    if (known !== undefined) return { id, kept: { value: undefined } };
    if (this.#pictures.size > PICTURES_KEPT) {
      const [[oldest, oldestId]] = this.#pictures;
      this.#pictures.delete(oldest);
      this.channel.runner.dropPicture(oldestId);
    }
    return { id, kept: this.channel.runner.keepPicture(id, picture) };
  }
}
