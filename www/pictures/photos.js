/**
 * @typedef {object} Credit
 * @property {string} author
 * @property {"cc0" | "public_domain"} license
 *
 * @typedef {object} Photo
 * @property {string} name id in the lab state; its label is `pictures.photo.<name>`
 * @property {string} url of the 256 x 256 WebP file, or a data: URL when inlined
 * @property {Credit} credit fills `pictures.credit`; CREDITS.md has the full record
 */

/**
 * The bundled photographs, in the order of the picker. Every URL is spelled out, because bundlers
 * follow only literal ones.
 *
 * @type {readonly Photo[]}
 */
export const photos = [
  {
    name: "cat",
    url: new URL("./cat.webp", import.meta.url).href,
    credit: { author: "Stefan van der Walt", license: "cc0" },
  },
  {
    name: "camera",
    url: new URL("./camera.webp", import.meta.url).href,
    credit: { author: "Lav Varshney", license: "cc0" },
  },
  {
    name: "coffee",
    url: new URL("./coffee.webp", import.meta.url).href,
    credit: { author: "Rachel Michetti", license: "cc0" },
  },
  {
    name: "astronaut",
    url: new URL("./astronaut.webp", import.meta.url).href,
    credit: { author: "NASA", license: "public_domain" },
  },
  {
    name: "brick",
    url: new URL("./brick.webp", import.meta.url).href,
    credit: { author: "CC0Textures", license: "cc0" },
  },
  {
    name: "rocket",
    url: new URL("./rocket.webp", import.meta.url).href,
    credit: { author: "SpaceX", license: "public_domain" },
  },
];
