/** Every lab on the narrowest phone in Russian, whose words are long. */
import { expect, test } from "@playwright/test";

test.use({ viewport: { width: 320, height: 700 }, locale: "ru-RU" });

/** What each lab shows last. */
const LAST = {
  kernel: "cnn-pixel-inspector .value",
  pooling: ".savings tbody td",
  "receptive-field": "cnn-layer-table tbody tr",
  networks: "button.fetch",
  training: ".inside tbody tr",
};

for (const [lab, last] of Object.entries(LAST)) {
  test(`${lab}: the page does not scroll sideways`, async ({ page }) => {
    await page.goto(`./#${lab}`);
    await expect(page.locator(last).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
}

test("no word of a preset's name is broken", async ({ page }) => {
  await page.goto("./#kernel");
  const names = page.locator("cnn-preset-gallery .strip .preset > span");
  await expect(names.first()).toBeVisible();
  expect(await names.evaluateAll(brokenWords)).toEqual([]);
  await page.locator("cnn-preset-gallery [popovertarget]").first().click();
  const rest = page.locator("cnn-preset-gallery .rest .preset > span");
  await expect(rest.first()).toBeVisible();
  expect(await rest.evaluateAll(brokenWords)).toEqual([]);
});

// A window of 5 x 5 is shown twice: in short, and below with more room.
for (const [lab, state, count] of /** @type {const} */ ([
  ["kernel", '{"kernel":[[-1,0,1],[-2,0,2],[-1,0,1]]}', 3],
  ["pooling", '{"size":[5,5]}', 6],
])) {
  test(`${lab}: the inspector shows numbers`, async ({ page }) => {
    await page.goto(`./#${lab}=${Buffer.from(state).toString("base64url")}`);
    const grids = page.locator("cnn-pixel-inspector cnn-value-grid");
    await expect(grids).toHaveCount(count);
    for (const grid of await grids.all()) {
      const texts = await grid.locator(".cell").allTextContents();
      expect(texts.filter((text) => !/\d/.test(text))).toEqual([]);
    }
  });
}

/**
 * Runs in the page: the words that stand on more than one line.
 * @param {Element[]} elements  each with one text
 */
function brokenWords(elements) {
  return elements.flatMap((element) => {
    const text = /** @type {Text} */ (
      [...element.childNodes].find((node) => node instanceof Text && node.data.trim())
    );
    return [...text.data.matchAll(/\S+/g)]
      .filter(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      })
      .map(([word]) => word);
  });
}
