/** What a learner does in the channels lab; every number against an independent reference. */
import { channelsLabState } from "../../../www/labs/channels/state.js";
import { writeLink } from "../../../www/state/permalink.js";
import { PHONE } from "../shared/screens.js";
import { ChannelsLab, expect, test } from "./lab.js";
import { inspection, mapsOf } from "./reference.js";

test.describe.configure({ timeout: 60_000 });

const [SPOT] = channelsLabState.defaultState().filters;

test("the lab opens with four filters on the cat, as the reference computes them", async ({
  lab,
}) => {
  const { filters } = await lab.state();
  await expect(lab.page.locator(".stack-column .thumb")).toHaveCount(filters.length);
  await lab.expectMaps();
  for (const chosen of filters.keys()) {
    await lab.set({ chosen });
    await lab.expectMaps();
  }
});

test.describe("painting", () => {
  test("by mouse changes one channel and its result, the map follows during the drag", async ({
    lab,
    page,
  }) => {
    const { x, y } = await lab.cellPoint(1, 0, 0);
    await page.mouse.move(x, y);
    await page.mouse.down();
    const end = await lab.cellPoint(1, 0, 2);
    await page.mouse.move(end.x, end.y, { steps: 4 });
    await lab.expectKernel(1, [
      [1, 1, 1],
      [-1, 0, -1],
      [0, -1, 0],
    ]);
    await lab.expectMaps();
    await page.mouse.up();
    await lab.expectKernel(0, SPOT.kernels[0]);
    await lab.button("Undo").click();
    await lab.expectKernel(1, SPOT.kernels[1]);
    await lab.expectMaps();
  });

  test("all three channels at once", async ({ lab }) => {
    await lab.choose("The brush paints", "all three");
    await lab.cell(2, 1, 1).click();
    for (const channel of [0, 1, 2]) {
      await lab.expectKernel(
        channel,
        SPOT.kernels[channel].map((row, at) => (at === 1 ? row.with(1, 1) : [...row])),
      );
    }
    await lab.expectMaps();
  });

  test("by keyboard; Page Down keeps the cell on the next channel", async ({ lab, page }) => {
    await lab.cell(0, 0, 0).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("PageDown");
    await expect(lab.cell(1, 0, 1)).toBeFocused();
    await page.keyboard.press("Delete");
    await lab.expectKernel(1, [
      [0, 0, 0],
      [-1, 0, -1],
      [0, -1, 0],
    ]);
    await page.keyboard.type("1/4");
    await page.keyboard.press("Enter");
    await lab.expectKernel(1, [
      [0, 0.25, 0],
      [-1, 0, -1],
      [0, -1, 0],
    ]);
    await lab.expectMaps();
    await page.keyboard.press("Alt+3");
    await lab.expectState({ chosen: 2 });
  });

  test("tools change the kernel painted last", async ({ lab, page }) => {
    await lab.cell(2, 1, 1).click();
    await page.getByRole("button", { name: "Set every weight to 0" }).click();
    await lab.expectKernel(2, [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    await expect(page.locator(".result.blue .sum")).toHaveText("0: this channel is ignored");
    await lab.expectKernel(0, SPOT.kernels[0]);
    await lab.expectMaps();
  });

  test.describe("on touch", () => {
    test.use(PHONE);

    test("a tap paints a cell", async ({ lab, page }) => {
      const { x, y } = await lab.cellPoint(0, 0, 0);
      await page.touchscreen.tap(x, y);
      await lab.expectKernel(
        0,
        [[1, 1, 0], ...SPOT.kernels[0].slice(1)].map((row) => [...row]),
      );
      await lab.expectMaps();
    });
  });
});

test("the inspector's numbers are the reference's, wherever the pointer is", async ({ lab }) => {
  const state = { ...(await lab.state()), stride: /** @type {[number, number]} */ ([2, 1]) };
  await lab.set(state);
  for (const position of /** @type {[number, number][]} */ ([
    [0, 0],
    [50, 151],
    [127, 255],
  ])) {
    await lab.set({ position });
    const expected = inspection(await lab.picture(), state, 0, position);
    await expect.poll(() => lab.numbers("window", 0)).toEqual(expected.channels[0].window);
    for (const channel of [0, 1, 2]) {
      expect(await lab.numbers("window", channel)).toEqual(expected.channels[channel].window);
      expect(await lab.numbers("products", channel)).toEqual(expected.channels[channel].products);
    }
    const shown = await lab.inspection();
    expect(shown.partialSums).toEqual(expected.partialSums);
    expect(shown.channels.map((/** @type {any} */ { sum }) => sum)).toEqual(expected.sums);
    expect([shown.sum, shown.value]).toEqual([expected.sum, expected.value]);
    const written = (await lab.page.locator(".equation .value .signed").textContent()) ?? "";
    expect(Number(written.replace("−", "-"))).toBeCloseTo(expected.value, 2);
  }
});

test("the scrubber goes through position, channel and tap", async ({ lab, page }) => {
  await lab.choose("Step by", "product");
  const forward = lab.button("Step forward");
  for (let step = 0; step < 10; step++) await forward.click();
  // The tenth product is the first one of green.
  await expect(page.locator(".bench > .products.green cnn-value-grid [aria-current]")).toHaveCount(
    1,
  );
  await expect(page.locator(".bench > .products.red cnn-value-grid [aria-current]")).toHaveCount(0);
  await expect(page.locator(".equation .partial")).toContainText("After 10 of 27 products");
});

test("filters are added, copied, removed and chosen; three of them are one picture", async ({
  lab,
  page,
}) => {
  await lab.button("Add a filter of zeros").click();
  await lab.expectState({ chosen: 4 });
  await expect(page.locator(".stack-column .thumb")).toHaveCount(5);
  await lab.button("Copy the filter").click();
  await lab.button("Remove filter 6").click();
  await lab.button("Remove filter 5").click();
  expect((await lab.state()).filters).toHaveLength(4);
  await lab.button("Three maps as red, green, blue").click();
  await lab.expectState({ composite: [0, 1, 2] });
  await page.getByRole("combobox", { name: "Map shown as blue" }).selectOption("4");
  await lab.expectState({ composite: [0, 1, 3] });
  await expect(page.locator(".composite-map")).toBeVisible();
  const { filters } = await lab.state();
  await lab.set({ filters: Array.from({ length: 15 }, (_, index) => filters[index % 4]) });
  await lab.button("Copy the filter").click();
  await expect(page.locator(".stack-column .thumb")).toHaveCount(16);
  await lab.button("Copy the filter").click();
  expect((await lab.state()).filters).toHaveLength(16);
});

test("costs are filled in with the numbers of the layer", async ({ lab, page }) => {
  await lab.expectState({ chosen: 0 });
  await expect(page.locator(".options .costs")).toContainText(
    "4 · (3 · 3 · 3 + 1) = 112 parameters",
  );
  await expect(page.locator(".options .costs")).toContainText("= 7,077,888 multiply-adds");
});

test("each channel by itself agrees with the CNN without ReLU, and not with it", async ({
  lab,
  page,
}) => {
  await lab.choose("Over the channels", "each channel by itself");
  await expect(page.locator(".difference-of")).toContainText("differ from the CNN’s map");
  await lab.choose("ReLU", "no");
  await expect(page.locator(".difference-of")).toContainText(
    "agree with the CNN’s map at every pixel",
  );
  await page.getByRole("button", { name: /^Same kernel on all/ }).click();
  await expect(page.locator(".difference-of")).toContainText("image editor");
  const { filters } = await lab.state();
  expect(filters[0].kernels[1]).toEqual(filters[0].kernels[0]);
});

test("groups: the table's numbers, the lines of a map, the slider", async ({ lab, page }) => {
  await lab.choose("View", "Groups");
  await expect(lab.groupMaps).toHaveCount(8);
  const rows = page.locator(".costs tbody tr");
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText("4 · 4 · 3 · 3 = 144");
  await page.getByRole("button", { name: "2 groups" }).click();
  await expect(page.locator("cnn-group-lines path")).toHaveCount(8);
  await page.getByRole("slider", { name: "Groups" }).fill("2");
  await lab.expectState({ groups: 4 });
  await expect(page.locator("cnn-group-lines path")).toHaveCount(4);
  await lab.choose("Then pointwise 1 × 1", "yes");
  await expect(page.locator("cnn-group-lines path")).toHaveCount(4 + 16);
  await expect(page.locator(".costs tr.chosen")).toContainText("36 + 16 = 52");
  await lab.groupMaps.first().hover();
  await expect(page.locator("cnn-group-lines path.pale")).toHaveCount(3 + 12);
  await lab.choose("Fed with", "the three planes");
  await expect(page.locator("cnn-group-lines path")).toHaveCount(3 + 9);
});

test("a question sets the lab up, answers with numbers and is undone as one step", async ({
  lab,
  page,
}) => {
  const before = await lab.state();
  await lab.button("Sobel on grey or per channel?").click();
  await expect(page.locator(".answer")).toContainText("which is rounding");
  await lab.expectMaps();
  await lab.button("Undo").click();
  await lab.expectState(before);
  await lab.button("What does 1 × 1 do?").click();
  const expected = inspection(await lab.picture(), await lab.state(), 0, before.position);
  await expect(page.locator(".answer")).toContainText(`= ${Number(expected.value.toPrecision(3))}`);
});

test("presets: a colour that is looked for is found", async ({ lab, page }) => {
  await page.locator(".filters cnn-preset-gallery [data-name=edges_color]").first().click();
  await lab.expectMaps();
  await lab.button("Find this colour").click();
  const state = await lab.state();
  const { map } = mapsOf(await lab.picture(), state, 0);
  const [row, col] = state.position;
  expect(map.channels[0][row * map.width + col]).toBeGreaterThan(0);
  await lab.expectMaps();
});

test("the trained filters run on the picture and can be repainted", async ({ lab, page }) => {
  await lab.button("Show the 32 filters").click();
  await expect(page.locator(".trained-filter")).toHaveCount(32);
  await lab.button("Use trained filter 5").click();
  await lab.expectMaps();
  await lab.button("Use filters 17 to 32 as the whole layer").click();
  expect((await lab.state()).filters).toHaveLength(16);
  await lab.cell(0, 1, 1).click();
  await lab.expectMaps();
});

test("weights of a layer are copied and pasted", async ({ lab, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { filters } = await lab.state();
  await lab.button("Copy the weights").click();
  await expect.poll(() => lab.clipboard()).toContain("torch.tensor([[[[");
  await lab.set({ filters: [filters[1]] });
  await lab.cell(0, 1, 1).focus();
  await page.keyboard.press("Control+V");
  await expect.poll(async () => (await lab.state()).filters.length).toBe(4);
  expect((await lab.state()).filters.map(({ kernels }) => kernels)).toEqual(
    filters.map(({ kernels }) => kernels),
  );
  await expect(page.locator("cnn-code-snippet")).toContainText("nn.Conv2d(3, 4, 3, padding=1)");
});

test("a link opens the same filters", async ({ lab, page }) => {
  await lab.cell(1, 0, 0).click();
  await lab.set({ combining: "apart", chosen: 0, stride: [2, 2] });
  const state = await lab.state();
  const fresh = new ChannelsLab(await page.context().newPage());
  await fresh.open(`./${writeLink(channelsLabState, state)}`);
  await fresh.expectState(state);
  expect(fresh.errors).toEqual([]);
});

test("downloads hold the maps", async ({ lab, page }) => {
  const file = async (/** @type {string} */ name) => {
    const download = page.waitForEvent("download");
    await page.locator(".downloads").getByRole("button", { name }).click();
    const chunks = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const state = await lab.state();
  const { map } = mapsOf(await lab.picture(), state, 0);
  const csv = (await file("CSV")).toString();
  const [first] = csv.split("\n");
  expect(first.split(",").map(Number).map(Math.fround)).toEqual(
    Array.from(map.channels[0].slice(0, map.width)),
  );
  const npy = await file("NPY");
  expect(npy.toString("latin1", 1, 6)).toBe("NUMPY");
  expect(npy.length).toBe(128 + 4 * state.filters.length * map.width * map.height);
  expect(npy.readFloatLE(128 + 4 * 1000)).toBe(map.channels[0][1000]);
  expect((await file("PNG")).toString("latin1", 1, 4)).toBe("PNG");
});
