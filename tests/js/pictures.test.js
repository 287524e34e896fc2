/** The parts of `www/pictures` that need no browser. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import {
  BLANK_DRAWING,
  DRAWING_SIDE,
  decodeDrawing,
  drawStroke,
  encodeDrawing,
  inkToPixels,
} from "../../www/pictures/drawing.js";
import { readHeader } from "../../www/pictures/header.js";
import { photos } from "../../www/pictures/photos.js";
import { findSvgRoot, svgSize, withSvgSize } from "../../www/pictures/svg.js";
import { imageFromTransfer, mayHoldImage } from "../../www/pictures/transfer.js";

/**
 * Bytes from Latin-1 strings and lists of bytes.
 * @param {...(string | number[])} parts
 */
function bytes(...parts) {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...part].map((char) => char.charCodeAt(0)) : part,
    ),
  );
}

/** @param {number} value */
const be16 = (value) => [value >> 8, value & 255];
/** @param {number} value */
const be32 = (value) => [...be16(value >>> 16), ...be16(value & 0xffff)];
/** @param {number} value */
const le16 = (value) => be16(value).reverse();
/** @param {number} value */
const le24 = (value) => be32(value).reverse().slice(0, 3);
/** @param {number} value */
const le32 = (value) => be32(value).reverse();
/** @param {number} count */
const zeros = (count) => new Array(count).fill(0);

const PNG_START = "\x89PNG\r\n\x1a\n";
/**
 * @param {number} width
 * @param {number} height
 */
const ihdr = (width, height) =>
  bytes(be32(13), "IHDR", be32(width), be32(height), [8, 2, 0, 0, 0], zeros(4));

/** One GIF image block: image descriptor, minimum code size, no data. */
const GIF_FRAME = [0x2c, ...zeros(8), 0, 2, 1, 0, 0];
/**
 * @param {...number[]} blocks
 */
const gif = (...blocks) =>
  bytes("GIF89a", le16(320), le16(200), [0x80, 0, 0], zeros(6), blocks.flat(), [0x3b]);

const exif = bytes([0xff, 0xe1], be16(2 + 4), "Exif");
/** @param {number} marker */
const frameHeader = (marker) =>
  bytes([0xff, marker], be16(17), [8], be16(480), be16(640), [3], zeros(9));

/** @type {[name: string, file: Uint8Array, format: string, size: [number, number]][]} */
const SIZED = [
  ["PNG", bytes(PNG_START, [...ihdr(30000, 29999)]), "PNG", [30000, 29999]],
  ["baseline JPEG", bytes([0xff, 0xd8], [...exif], [...frameHeader(0xc0)]), "JPEG", [640, 480]],
  [
    "progressive JPEG behind a Huffman table and a fill byte",
    bytes([0xff, 0xd8, 0xff, 0xc4], be16(4), [9, 9, 0xff], [...frameHeader(0xc2)]),
    "JPEG",
    [640, 480],
  ],
  ["GIF", gif(GIF_FRAME), "GIF", [320, 200]],
  [
    "lossy WebP",
    bytes("RIFF", le32(30), "WEBPVP8 ", le32(18), [0, 0, 0, 0x9d, 1, 0x2a], le16(256), le16(99)),
    "WebP",
    [256, 99],
  ],
  [
    "lossless WebP",
    bytes("RIFF", le32(30), "WEBPVP8L", le32(18), [0x2f], le32(299 | (16383 << 14)), zeros(5)),
    "WebP",
    [300, 16384],
  ],
  [
    "extended WebP",
    bytes("RIFF", le32(30), "WEBPVP8X", le32(10), [0x10, 0, 0, 0], le24(70000), le24(4)),
    "WebP",
    [70001, 5],
  ],
  [
    "BMP that runs downwards",
    bytes("BM", zeros(12), le32(40), le32(17), le32(-9 >>> 0), zeros(4)),
    "BMP",
    [17, 9],
  ],
  [
    "BMP whose reserved bytes hold something",
    bytes("BM", zeros(4), [1, 2, 3, 4], zeros(4), le32(124), le32(17), le32(9), zeros(4)),
    "BMP",
    [17, 9],
  ],
  ["BMP of OS/2", bytes("BM", zeros(12), le32(12), le16(17), le16(9), zeros(4)), "BMP", [17, 9]],
  [
    "AVIF with a thumbnail",
    bytes(
      be32(16),
      "ftypavif",
      zeros(20),
      [be32(20), zeros(0)].flat(),
      "ispe",
      be32(0),
      be32(64),
      be32(48),
      "ispe",
      be32(0),
      be32(4000),
      be32(3000),
    ),
    "AVIF",
    [4000, 3000],
  ],
];

test("the size of every format is read from its header", () => {
  for (const [name, file, format, [width, height]] of SIZED) {
    const header = readHeader(file);
    assert.deepEqual(
      [header?.format, header?.width, header?.height, header?.animated],
      [format, width, height, false],
      name,
    );
  }
});

test("the size is read wherever the bytes lie in their buffer", () => {
  for (const [name, file, , size] of SIZED) {
    const shifted = bytes(zeros(7), [...file]).subarray(7);
    const header = readHeader(shifted);
    assert.deepEqual([header?.width, header?.height], size, name);
  }
});

test("a header cut off anywhere gives no size and no exception", () => {
  for (const [name, file, format, [width, height]] of SIZED) {
    for (let length = 0; length < file.length; length++) {
      const header = readHeader(file.subarray(0, length));
      if (header === null) continue;
      assert.equal(header.format, format, `${name} cut to ${length}`);
      const size = [header.width, header.height];
      const isUnknown = size[0] === null && size[1] === null;
      const isRight = size[0] === width && size[1] === height;
      const isThumbnail = format === "AVIF" && size[0] === 64;
      assert.ok(isUnknown || isRight || isThumbnail, `${name} cut to ${length}: ${size}`);
    }
    assert.equal(readHeader(file.subarray(0, 9))?.width ?? null, null, name);
  }
});

test("a size of zero counts as unknown", () => {
  const header = readHeader(bytes(PNG_START, [...ihdr(0, 5)]));
  assert.deepEqual([header?.width, header?.height], [null, null]);
});

test("garbage after a magic number causes no exception", () => {
  const starts = SIZED.map(([, file]) => file.subarray(0, 16));
  fc.assert(
    fc.property(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 400 }),
      fc.boolean(),
      (start, rest, isWhole) => {
        const file = isWhole ? rest : bytes([...start], [...rest]);
        const header = readHeader(file);
        assert.ok(header === null || header.width === null || header.width > 0);
      },
    ),
    { seed: 1, numRuns: 2000 },
  );
});

test("formats are recognised by their bytes", () => {
  /** @type {[Uint8Array, string | null][]} */
  const cases = [
    [bytes("II*\0", zeros(20)), "TIFF"],
    [bytes("MM\0*", zeros(20)), "TIFF"],
    [bytes(be32(24), "ftypheic", zeros(20)), "HEIC"],
    [bytes(be32(24), "ftypmp42", zeros(20)), null],
    [bytes([0xff, 0x0a], zeros(20)), "JPEG XL"],
    [bytes([0, 0, 1, 0], zeros(20)), "ICO"],
    [bytes("%PDF-1.7"), null],
    [bytes("BMW is not a bitmap"), null],
    [bytes("RIFF", zeros(4), "WAVEfmt "), null],
    [bytes("<!doctype html><svg></svg>"), "SVG"],
    [bytes("<html><svg></svg></html>"), null],
    [bytes("<svgx/>"), null],
    [bytes("the <svg> element"), null],
    [bytes(""), null],
    [bytes(" ".repeat(20000)), null],
    [bytes("<!-- ".repeat(3000)), null],
  ];
  for (const [file, format] of cases) {
    assert.equal(
      readHeader(file)?.format ?? null,
      format,
      String.fromCharCode(...file.slice(0, 30)),
    );
  }
});

test("an SVG is recognised after anything that may precede it", () => {
  const files = [
    "<svg/>",
    "\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'/>",
    "<?xml version='1.0'?>\n<!-- a > b --><svg\n>",
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [ <!ENTITY a "b > c"> ]>\n<svg:svg >',
  ];
  for (const file of files) {
    const header = readHeader(bytes(file));
    assert.deepEqual([header?.format, header?.type, header?.width], ["SVG", "image/svg+xml", null]);
  }
});

test("the size of an SVG is what it states, else what its view box says, else 512", () => {
  /** @type {[string, [number, number]][]} */
  const cases = [
    [`<svg width="300" height='20.5px'>`, [300, 20.5]],
    [`<?xml version="1.0"?><svg xmlns="&ns;" width="1in" height="2.54cm">`, [96, 96]],
    [`<svg width="72pt" height="10pc" viewBox="0 0 1 1">`, [96, 160]],
    [`<svg width="1e2" viewBox="0 0 4 1">`, [100, 25]],
    [`<svg height=" 100 " viewBox="-5,-5 4,1">`, [400, 100]],
    [`<svg width="100%" height="100%" viewBox="0 0 4 1">`, [512, 128]],
    [`<svg viewBox="0 0 1 4">`, [128, 512]],
    [`<svg width="0" height="-3" viewBox="0 0 0 4"/>`, [512, 512]],
    [`<svg width="1e999" height="3em" viewBox="what">`, [512, 512]],
    [`<svg data-note="a > b" stroke-width="9">`, [512, 512]],
  ];
  for (const [source, [width, height]] of cases) {
    const root = findSvgRoot(source);
    assert.ok(root, source);
    const size = svgSize(root);
    assert.ok(Math.abs(size.width - width) + Math.abs(size.height - height) < 1e-9, source);
  }
});

test("a text that starts with BM is not a picture", () => {
  assert.equal(readHeader(bytes("BM and a lot of other words")), null);
});

test("an SVG that was part of a page gets the namespace that a file needs", () => {
  for (const [source, expected] of [
    ["<svg/>", /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /],
    [
      "<svg xmlns='http://www.w3.org/2000/svg'/>",
      /^<svg xmlns='http:\/\/www\.w3\.org\/2000\/svg' /,
    ],
    ["<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", /^<s:svg xmlns:s='[^']*' viewBox/],
  ]) {
    const root = findSvgRoot(String(source));
    assert.ok(root);
    const sized = withSvgSize(String(source), root, { width: 2, height: 2 });
    assert.match(sized, /** @type {RegExp} */ (expected));
    assert.equal(sized.match(/xmlns[:=]/g)?.length, 1, sized);
  }
});

test("a run of blanks in a size is read as fast as any text", () => {
  // A quadratic pattern would take hours for a million blanks.
  const root = findSvgRoot(`<svg width="5${" ".repeat(1_000_000)}?">`);
  assert.ok(root);
  assert.equal(svgSize(root).width, 512);
});

test("a truncated or different tag is not an SVG root", () => {
  for (const source of [
    "",
    "<svg",
    '<svg width="3',
    "<html><svg>",
    "<!-- <svg>",
    "<svg width=3>",
  ]) {
    assert.equal(findSvgRoot(source), null, source);
  }
});

test("an SVG can be given another size without other changes", () => {
  const source = `<?xml version="1.0"?>\n<s:svg a='"' width="10cm" height="4"><g width="5"/></s:svg>`;
  const root = findSvgRoot(source);
  assert.ok(root);
  assert.equal(
    withSvgSize(
      source,
      { ...root, attributes: new Map(root.attributes).set("width", '"8"') },
      {
        width: 80,
        height: 40,
      },
    ),
    `<?xml version="1.0"?>\n<s:svg a='"' width="80" height="40" viewBox="0 0 8 4"><g width="5"/></s:svg>`,
  );
  const boxed = '<svg viewBox="1 2 3 4"/>';
  const boxedRoot = findSvgRoot(boxed);
  assert.ok(boxedRoot);
  assert.equal(
    withSvgSize(boxed, boxedRoot, { width: 3, height: 4 }),
    '<svg viewBox="1 2 3 4" xmlns="http://www.w3.org/2000/svg" width="3" height="4"/>',
  );
});

test("several frames are detected", () => {
  const control = [0x21, 0xf9, 4, 0, 0, 0, 0, 0];
  const actl = bytes(be32(8), "acTL", be32(2), be32(0), zeros(4));
  const idat = bytes(be32(0), "IDAT", zeros(4));
  const png = [...ihdr(4, 4)];
  const webp = (/** @type {number} */ flags) =>
    bytes("RIFF", le32(30), "WEBPVP8X", le32(10), [flags, 0, 0, 0], le24(3), le24(3));
  /** @type {[string, Uint8Array, boolean][]} */
  const cases = [
    ["GIF of one frame", gif(control, GIF_FRAME), false],
    ["GIF of two frames", gif(control, GIF_FRAME, control, GIF_FRAME), true],
    ["GIF cut off in its second frame's control block", gif(GIF_FRAME, [0x21, 0xf9, 200]), false],
    ["animated PNG", bytes(PNG_START, png, [...actl], [...idat]), true],
    ["PNG with acTL behind the pixels", bytes(PNG_START, png, [...idat], [...actl]), false],
    ["animated WebP", webp(0x02), true],
    ["still WebP", webp(0x10), false],
  ];
  for (const [name, file, animated] of cases) {
    assert.equal(readHeader(file)?.animated, animated, name);
  }
});

test("the shipped photos are 256 x 256, within 200 kB, and credited", () => {
  const credits = readFileSync(new URL("../../www/pictures/CREDITS.md", import.meta.url), "utf8");
  let total = 0;
  for (const { name, url, credit } of photos) {
    const file = readFileSync(new URL(url));
    const header = readHeader(file);
    assert.deepEqual([header?.format, header?.width, header?.height], ["WebP", 256, 256], name);
    const row = credits.split("\n").find((line) => line.includes(`\`${name}.webp\``)) ?? "";
    assert.ok(row.includes(credit.author), name);
    assert.ok(row.includes(credit.license === "cc0" ? "CC0" : "public domain"), name);
    total += file.length;
  }
  assert.equal(photos.length, 6);
  assert.ok(total <= 200_000, String(total));
});

test("every photo has a label and every refusal a sentence in both languages", () => {
  const sources = ["load", "camera", "drawing"].map((name) =>
    readFileSync(new URL(`../../www/pictures/${name}.js`, import.meta.url), "utf8"),
  );
  const codes = new Set(sources.join().match(/"(?:picture|photo|camera|drawing)_\w+"/g));
  const keys = [
    ...photos.map(({ name }) => `pictures.photo.${name}`),
    ...[...codes].map((code) => `error.${code.slice(1, -1)}`),
    "error.picture_only_link",
  ];
  for (const language of ["en", "ru"]) {
    const file = new URL(`../../www/i18n/${language}/pictures.json`, import.meta.url);
    const catalogue = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(
      keys.filter((key) => !catalogue[key]),
      [],
      language,
    );
  }
  assert.ok(codes.size >= 10);
});

const ink = fc.uint8Array({
  minLength: DRAWING_SIDE ** 2,
  maxLength: DRAWING_SIDE ** 2,
  max: 1,
});

test("a drawing survives encoding and decoding", () => {
  fc.assert(
    fc.property(ink, (drawn) => {
      const bits = encodeDrawing(drawn);
      assert.equal(bits.length, 684);
      assert.deepEqual(decodeDrawing(bits), drawn);
    }),
    { seed: 2, numRuns: 50 },
  );
});

test("the first pixel of a drawing is the highest bit of its first byte", () => {
  const drawn = new Uint8Array(DRAWING_SIDE ** 2);
  drawn[0] = 1;
  drawn[DRAWING_SIDE ** 2 - 1] = 1;
  const packed = Buffer.from(encodeDrawing(drawn), "base64");
  assert.deepEqual([packed.length, packed[0], packed[511]], [512, 0x80, 0x01]);
});

test("malformed bits are an error with a code", () => {
  const bad = ["", "AAAA", `${BLANK_DRAWING}A`, `${BLANK_DRAWING.slice(0, -2)}*=`, null, {}, 7];
  for (const bits of bad) {
    assert.throws(() => decodeDrawing(/** @type {any} */ (bits)), { code: "drawing_malformed" });
  }
});

test("a drawing is black on white", () => {
  const drawn = new Uint8Array(DRAWING_SIDE ** 2);
  drawn[1] = 1;
  const pixels = inkToPixels(drawn);
  assert.equal(pixels.length, 64 * 64 * 4);
  assert.deepEqual(
    [...pixels.slice(0, 12)],
    [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255],
  );
});

/**
 * Rows of a corner of the drawing, inked pixels as #.
 * @param {Uint8Array} drawn
 * @param {number} side
 */
function corner(drawn, side) {
  const rows = Array.from({ length: side }, (_, row) =>
    [...drawn.slice(row * DRAWING_SIDE, row * DRAWING_SIDE + side)].map((on) => (on ? "#" : ".")),
  );
  return rows.map((row) => row.join(""));
}

test("a stroke is a round brush along a line, clipped at the border", () => {
  const drawn = new Uint8Array(DRAWING_SIDE ** 2);
  drawStroke(drawn, [0, 0], [3, 3], 1, 1);
  assert.deepEqual(corner(drawn, 4), ["#...", ".#..", "..#.", "...#"]);
  drawStroke(drawn, [0, 0], [3, 3], 1, 0);
  assert.ok(drawn.every((on) => on === 0));
  drawStroke(drawn, [2, 2], [2, 2], 5, 1);
  assert.deepEqual(corner(drawn, 5), [".###.", "#####", "#####", "#####", ".###."]);
  drawn.fill(0);
  drawStroke(drawn, [-3, 1], [1, 1], 3, 1);
  assert.deepEqual(corner(drawn, 4), ["###.", "###.", "###.", "...."]);
  assert.equal(drawn.filter(Boolean).length, 9);
});

/** @param {{ files?: { type: string }[], types?: string[], uris?: string }} contents */
function transfer({ files = [], types = [], uris = "" }) {
  return /** @type {any} */ ({
    files,
    types,
    getData: (/** @type {string} */ type) => (type === "text/uri-list" ? uris : ""),
  });
}

test("a drop gives its first image, else its first file, else a picture as a data: URL", async () => {
  const text = { type: "text/plain" };
  const image = { type: "image/png" };
  assert.equal(imageFromTransfer(transfer({ files: [text, image] })), image);
  assert.equal(imageFromTransfer(transfer({ files: [text] })), text);
  const blob = imageFromTransfer(transfer({ uris: "data:image/gif;base64,R0lGODlh" }));
  assert.equal(blob?.type, "image/gif");
  assert.equal(await blob?.text(), "GIF89a");
});

test("a drop without a picture gives nothing", () => {
  assert.equal(imageFromTransfer(null), null);
  for (const uris of [
    "",
    "https://example.org/cat.png",
    "data:text/html;base64,R0lGODlh",
    "data:image/png;base64,A",
    "data:image/png;base64,",
  ]) {
    assert.equal(imageFromTransfer(transfer({ uris })), null, uris);
  }
});

test("only a drag that may hold a picture is accepted", () => {
  assert.ok(mayHoldImage(transfer({ types: ["Files"] })));
  assert.ok(mayHoldImage(transfer({ types: ["text/html", "text/uri-list"] })));
  assert.ok(!mayHoldImage(transfer({ types: ["text/plain"] })));
  assert.ok(!mayHoldImage(null));
});
