/**
 * Bad input: each mistake gives one sentence that says what was expected and what was received, and
 * the work on the screen stays. The fixture `watch` fails a test whose page reports an error.
 *
 * @import { KernelLabState } from "../../../www/labs/kernel/state.js"
 */
import {
  choose,
  expect,
  expectOneProblem,
  gif,
  link,
  png,
  problems,
  test,
  work,
} from "../shared/robustness-helpers.js";

/** Work that is neither the initial nor the last state. @type {Partial<KernelLabState>} */
const WORK = {
  kernel: [
    [0, 1],
    [-1, 0.5],
  ],
  bias: 0.25,
  pins: [[3, 4]],
};

/** Red, by the weights of Rec. 601. */
const RED_AS_GREY = Math.round(0.299 * 255);

/** @type {Record<string, { file: Buffer | string, sentence: RegExp }>} */
const FILES = {
  "a text with the name of a picture": {
    file: "Dear diary, today I learned what a kernel is.",
    sentence: /^Expected an image file, such as PNG.*, but this is a different kind of file\.$/,
  },
  "an empty file": { file: "", sentence: /^Expected an image file, but this file is empty\.$/ },
  "a PNG with garbage for pixels": {
    file: png(8, 8).fill(0xaa, 41, 60),
    sentence: /^Expected a complete picture, but this PNG file is damaged or cut off\.$/,
  },
  "a PNG that is cut off in its header": {
    file: png(8, 8).subarray(0, 20),
    sentence: /^Expected a complete picture, but this PNG file is damaged or cut off\.$/,
  },
  "a PNG that claims 30,000 pixels a side": {
    file: png(1, 1, undefined, { width: 30000, height: 30000 }),
    sentence: /^The picture is 30,000 × 30,000 pixels; the limits are 64 megapixels .* per side\.$/,
  },
  "an SVG without an end": {
    file: '<svg xmlns="http://www.w3.org/2000/svg"><rect',
    sentence: /^Expected a complete picture, but this SVG file is damaged or cut off\.$/,
  },
};

test("a file that is not a complete picture is refused in one sentence", async ({ lab, page }) => {
  await lab.set(WORK);
  await lab.expectOutput();
  const before = await work(lab);
  for (const [what, { file, sentence }] of Object.entries(FILES)) {
    await test.step(what, async () => {
      await choose(page, "holiday.png", file);
      await expectOneProblem(page, sentence);
      expect(await work(lab)).toEqual(before);
      await lab.button("Close").click();
      await expect.poll(() => problems(page)).toEqual([]);
    });
  }
});

test("after a refused file the next one opens and the sentence disappears", async ({
  lab,
  page,
}) => {
  await choose(page, "holiday.png", "no picture");
  await expectOneProblem(page, /different kind/);
  await choose(
    page,
    "real.png",
    png(12, 10, (row, col) => [20 * row, 20 * col, 0]),
  );
  await lab.expectState({ picture: { kind: "upload", name: "real.png" } });
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 12, height: 10 });
  expect(await problems(page)).toEqual([]);
});

test("a text dropped onto the picture is refused in one sentence", async ({ lab, page }) => {
  const before = await work(lab);
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["words"], "words.txt", { type: "text/plain" }));
    return data;
  });
  await page.locator("cnn-picture-picker").dispatchEvent("drop", { dataTransfer: transfer });
  await expectOneProblem(page, /^Expected an image file.* different kind of file\.$/);
  expect(await work(lab)).toEqual(before);
});

test("the first frame of an animated GIF is used, and the page says so", async ({ lab, page }) => {
  await choose(page, "moving.gif", gif(20, [30, 100]), "image/gif");
  await expect(page.getByRole("alert")).toContainText("The first frame of an animation");
  await lab.expectState({ picture: { kind: "upload", name: "moving.gif" } });
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 20, height: 20 });
  expect(await inside(lab)).toBe(60);
  expect(await problems(page)).toEqual([]);
});

test("an SVG runs no script and fetches nothing", async ({ lab, page, context }) => {
  /** @type {string[]} */
  const fetched = [];
  await context.route("http://elsewhere.test/**", (route) => {
    fetched.push(route.request().url());
    return route.fulfill({ body: "" });
  });
  await page.evaluate(() => {
    addEventListener(
      "message",
      ({ data }) => data === "ran" && Object.assign(window, { ran: true }),
    );
  });
  const script = "parent.postMessage('ran', '*'); window.ran = top.ran = true";
  const svg = `<?xml-stylesheet href="http://elsewhere.test/sheet.css"?>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
      width="16" height="16" onload="${script}">
      <style>@import url("http://elsewhere.test/import.css");
        rect { fill: url(http://elsewhere.test/fill.svg#f) red; }</style>
      <script>${script}</script>
      <script href="http://elsewhere.test/script.js"/>
      <rect width="16" height="16" fill="rgb(255 0 0)"/>
      <image href="http://elsewhere.test/image.png" width="16" height="16" onerror="${script}"/>
      <use xlink:href="http://elsewhere.test/use.svg#u"/>
      <foreignObject width="16" height="16">
        <iframe xmlns="http://www.w3.org/1999/xhtml" src="http://elsewhere.test/frame.html"/>
      </foreignObject>
      <animate attributeName="x" begin="0s" dur="1s" onbegin="${script}"/>
    </svg>`;
  await choose(page, "tricky.svg", svg, "image/svg+xml");
  await lab.expectState({ picture: { kind: "upload", name: "tricky.svg" } });
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 16, height: 16 });
  expect(await inside(lab)).toBe(RED_AS_GREY);
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  expect(fetched).toEqual([]);
  expect(await problems(page)).toEqual([]);
});

/**
 * The first pixel of the input inside its padding of one pixel.
 * @param {import("../shared/lab.js").Lab} lab
 */
async function inside({ input }) {
  const { width, rgba } = await input.pixels();
  return rgba[4 * (width + 1)];
}

/** @type {Record<string, { text: string, sentence: RegExp }>} */
const MATRICES = {
  words: {
    text: "1 2 three\n4 5 6",
    sentence: /^Row 1, column 3: expected a number, got “three”\.$/,
  },
  "ragged rows": {
    text: "1, 2, 3\n4, 5",
    sentence: /^Row 2 has 2 numbers, but the first row has 3\.$/,
  },
  NaN: {
    text: "[[1, NaN], [0, 1]]",
    sentence: /^Row 1, column 2: expected a number, got “NaN”\.$/,
  },
  "a number beyond the largest float": {
    text: "[[1, 1e400], [0, 1]]",
    sentence: /1e400/,
  },
  "a weight that is too large": {
    text: "[[1e9]]",
    sentence:
      /^Row 1, column 1: a weight must lie between −1,000,000 and 1,000,000, got 1,000,000,000\.$/,
  },
  "a matrix of 16 × 16": {
    text: Array(16).fill(Array(16).fill(1).join(" ")).join("\n"),
    sentence: /^Expected a matrix of at most 15 × 15, got 16 × 16\.$/,
  },
  nothing: { text: "", sentence: /^Expected a matrix of numbers, but the text is empty\.$/ },
};

test("a text that is not a matrix is refused in one sentence, ready to be corrected", async ({
  lab,
  page,
}) => {
  await lab.set(WORK);
  await lab.expectOutput();
  const before = await work(lab);
  const field = page.getByRole("textbox", { name: "Matrix of numbers" });
  for (const [what, { text, sentence }] of Object.entries(MATRICES)) {
    await test.step(what, async () => {
      await lab.button("Paste a matrix").click();
      await field.fill(text);
      await lab.button("Use this matrix").click();
      await expectOneProblem(page, sentence);
      await expect(field).toHaveValue(text);
      expect(await work(lab)).toEqual(before);
      await page.keyboard.press("Escape");
      await expect(field).toBeHidden();
    });
  }
});

test("1 MB of text pasted onto the grid is refused in one sentence", async ({ lab, page }) => {
  const before = await work(lab);
  await lab.cell(0, 0).focus();
  await lab.cell(0, 0).evaluate((cell) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "kernel ".repeat(150_000));
    cell.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, composed: true }),
    );
  });
  await expectOneProblem(page, /^The text is 1,050,000 bytes long; the limit is 65,536\.$/);
  expect(await work(lab)).toEqual(before);
});

test("a word typed into a weight is refused in one sentence", async ({ lab, page }) => {
  const before = await work(lab);
  await lab.cell(1, 1).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("two");
  await page.keyboard.press("Enter");
  await expectOneProblem(page, /^Expected a number such as −1\.5 or 1\/9, got “two”\.$/);
  expect(await work(lab)).toEqual(before);
});

test("a stride beyond its limit is refused in one sentence", async ({ lab, page }) => {
  const before = await work(lab);
  await lab.fill("Stride", "1e9");
  await expectOneProblem(page, /^Expected a whole number from 1 to 16, got 1e9$/);
  expect(await work(lab)).toEqual(before);
});

test("a kernel larger than the picture gives one sentence, and the last output stays", async ({
  lab,
  page,
}) => {
  await choose(
    page,
    "tiny.png",
    png(4, 3, (row, col) => [60 * row, 60 * col, 200]),
  );
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 4, height: 3 });
  await lab.choose("Padding", "valid");
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 2, height: 1 });
  const before = await work(lab);
  await lab.fill("Size", "5");
  await expectOneProblem(
    page,
    /^The kernel with its dilation covers 5 pixels along the height, but the padded input has only 3\. The output shown is the last valid one\./,
  );
  expect((await work(lab)).output).toBe(before.output);
  expect((await lab.state()).kernel).toHaveLength(5);
  await lab.choose("Padding", "same");
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 4, height: 3 });
  expect(await problems(page)).toEqual([]);
});

const DAMAGED = /^Expected a link made by this page, but this one is damaged \((.+)\)\. /;

/** @type {Record<string, { hash: string, sentence: RegExp }>} */
const LINKS = {
  "a word for the kernel": { hash: link({ kernel: "sobel" }), sentence: DAMAGED },
  "a text for a weight": { hash: link({ kernel: [[1, "2"]] }), sentence: DAMAGED },
  "ragged rows": { hash: link({ kernel: [[1, 2], [3]] }), sentence: DAMAGED },
  "a huge weight": { hash: link({ kernel: [[1e300]] }), sentence: DAMAGED },
  "a number beyond the largest float": {
    hash: `./#kernel=${Buffer.from('{"bias":1e400}').toString("base64url")}`,
    sentence: DAMAGED,
  },
  "a huge stride": { hash: link({ stride: [1e9, 1] }), sentence: DAMAGED },
  "a negative position": { hash: link({ position: [-1, 2] }), sentence: DAMAGED },
  "a range that runs backwards": {
    hash: link({ display: { kind: "fixed", min: 5, max: 1 } }),
    sentence: DAMAGED,
  },
  "a photo named __proto__": {
    hash: link({ picture: { kind: "photo", name: "__proto__" } }),
    sentence: DAMAGED,
  },
  "a list instead of a state": { hash: link([1, 2, 3]), sentence: DAMAGED },
  "another version": {
    hash: link({ v: 2, kernel: [[1]] }),
    sentence: /^This link was made by another version of the page \(2\)\. /,
  },
  "broken base64": { hash: "./#kernel=%%%", sentence: DAMAGED },
  "base64 of something other than JSON": { hash: "./#kernel=bm9wZQ", sentence: DAMAGED },
  "2 MB of garbage": {
    hash: `./#kernel=${"ab".repeat(1e6)}`,
    sentence: /^The link has 2,000,008 characters; the limit is 65,536\. /,
  },
};

for (const [what, { hash, sentence }] of Object.entries(LINKS)) {
  test(`a link with ${what} opens the default lab with one sentence`, async ({ lab, page }) => {
    const defaults = await work(lab);
    await page.goto("about:blank");
    await lab.open(hash);
    await expectOneProblem(page, sentence);
    await expectOneProblem(page, /The default settings are shown\.$/);
    expect(await work(lab)).toEqual(defaults);
  });
}

test("a bad link followed in an open lab keeps the work, after a reload too", async ({
  lab,
  page,
}) => {
  await lab.set(WORK);
  await lab.expectOutput();
  const before = await work(lab);
  for (const [what, { hash, sentence }] of Object.entries(LINKS)) {
    await test.step(what, async () => {
      await page.evaluate((address) => {
        location.hash = new URL(address, location.href).hash;
      }, hash);
      await expectOneProblem(page, sentence);
      await expectOneProblem(page, /The screen stays as it is\.$/);
      expect(await work(lab)).toEqual(before);
      await lab.button("Close").click();
      await expect.poll(() => problems(page)).toEqual([]);
    });
  }
  await page.reload();
  await lab.expectState(before.state);
  await lab.expectOutput();
});

test("a link that names prototypes changes none", async ({ lab, page }) => {
  const defaults = await work(lab);
  const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  await page.goto("about:blank");
  await lab.open(`./#kernel=${Buffer.from(json).toString("base64url")}&__proto__=1`);
  expect(await page.evaluate(() => /** @type {any} */ ({}).polluted)).toBeUndefined();
  expect(await work(lab)).toEqual(defaults);
});

test("a link to a file of another visitor asks for the file", async ({ lab, page }) => {
  await page.goto("about:blank");
  await lab.open(link({ picture: { kind: "upload", name: "theirs.png" } }));
  await expectOneProblem(page, /^The link was made with the file theirs\.png, .*Open the file/);
});

test.describe("in Russian", () => {
  test.use({ locale: "ru-RU" });

  test("a file that is not a picture", async ({ lab, page }) => {
    const before = await work(lab);
    await choose(page, "фото.png", "не картинка");
    await expectOneProblem(page, /^Ожидался файл изображения, .*, но это файл другого типа\.$/);
    expect(await work(lab)).toEqual(before);
  });

  test("a picture of 30,000 pixels a side", async ({ lab, page }) => {
    const before = await work(lab);
    await choose(page, "фото.png", png(1, 1, undefined, { width: 30000, height: 30000 }));
    await expectOneProblem(page, /^Размер изображения — 30\s000 × 30\s000 пикселей; /);
    expect(await work(lab)).toEqual(before);
  });

  test("a matrix with a word", async ({ lab, page }) => {
    const before = await work(lab);
    await lab.button("Вставить матрицу").click();
    await page.getByRole("textbox").last().fill("1 два");
    await page.locator("cnn-kernel-tools .paste .primary").click();
    await expectOneProblem(page, /^Строка 1, столбец 2: ожидалось число, получено «два»\.$/);
    expect(await work(lab)).toEqual(before);
  });

  test("a damaged link", async ({ lab, page }) => {
    const defaults = await work(lab);
    await page.goto("about:blank");
    await lab.open(link({ kernel: "ядро" }));
    await expectOneProblem(
      page,
      /^Ожидалась ссылка, созданная этой страницей, но эта повреждена \(ядро\)\. Показаны начальные настройки\.$/,
    );
    expect(await work(lab)).toEqual(defaults);
  });
});
