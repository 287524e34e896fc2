/** What a learner does in the networks lab. */
import { readFile } from "node:fs/promises";
import { fromRoot } from "../../../scripts/lib/paths.js";
import { networksLabState } from "../../../www/labs/networks/state.js";
import { writeLink } from "../../../www/state/permalink.js";
import { PHONE } from "../shared/screens.js";
import { expect, NetworksLab, test } from "./lab.js";

test.describe.configure({ timeout: 90_000 });

const FILE = fromRoot("www/labs/networks/efficientnet-lite0/weights.bin");
const WEIGHTS = /weights-[\w-]+\.bin$/;

test.describe("weights", () => {
  test("nothing is fetched unasked; asked for, the file answers and is there on the next visit", async ({
    lab,
    page,
  }) => {
    /** @type {string[]} */
    const fetched = [];
    page.on("request", (request) => {
      if (WEIGHTS.test(request.url())) fetched.push(request.url());
    });
    await lab.tab("Why").click();
    await expect(lab.fetch).toBeVisible();
    await lab.tab("Ask it").click();
    await expect(lab.fetch).toHaveText(/4\.8/);
    expect(fetched).toEqual([]);
    await lab.load();
    expect(fetched).toHaveLength(1);
    expect((await lab.names())[0]).toBe("tiger cat");
    await page.reload();
    await lab.answered();
    expect(fetched).toHaveLength(1);
  });

  test("fetching shows how far it is and can be cancelled", async ({ lab, page }) => {
    let go = () => {};
    const held = new Promise((resolve) => {
      go = () => resolve(undefined);
    });
    await page.route(WEIGHTS, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await lab.fetch.click();
    await expect(page.getByRole("progressbar", { name: "Weights received" })).toBeVisible();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(lab.fetch).toBeVisible();
    await expect(lab.line).toHaveText(/not loaded/);
    go();
    await page.unroute(WEIGHTS);
    await lab.load();
  });

  test("a file that cannot be reached or is damaged is said, and nothing is loaded", async ({
    page,
  }) => {
    const lab = new NetworksLab(page);
    await lab.open();
    await page.route(WEIGHTS, (route) => route.abort());
    await lab.fetch.click();
    await expect(page.getByRole("alert").filter({ hasText: "cannot be reached" })).toBeVisible();
    await page.unroute(WEIGHTS);
    const bytes = await readFile(FILE);
    bytes[bytes.length - 1] ^= 1;
    await page.route(WEIGHTS, (route) => route.fulfill({ body: bytes }));
    await lab.fetch.click();
    await expect(page.getByRole("alert").filter({ hasText: "SHA-256" })).toBeVisible();
    await lab.tab("Architectures").click();
    await expect(page.locator(".network")).toHaveCount(2);
    await page.unroute(WEIGHTS);
    await lab.tab("Ask it").click();
    await lab.load();
  });

  test("a file from the disk does as well, one that does not fit is refused", async ({
    lab,
    page,
  }) => {
    const input = page.locator(".file input");
    await input.setInputFiles({ name: "cat.bin", mimeType: "", buffer: Buffer.from("no weights") });
    await expect(page.getByRole("alert").filter({ hasText: "holds no weights" })).toBeVisible();
    const header = '{"_bn0.bias":{"dtype":"F32","shape":[31],"data_offsets":[0,124]}}';
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const buffer = Buffer.concat([length, Buffer.from(header), Buffer.alloc(124)]);
    await input.setInputFiles({ name: "own.safetensors", mimeType: "", buffer });
    const refusal = page.getByRole("alert").filter({ hasText: "do not fit" });
    await expect(refusal).toContainText("_conv_stem.weight");
    await expect(refusal).toContainText("expected [32], got [31]");
    await input.setInputFiles(FILE);
    await lab.answered();
  });
});

test.describe("Ask it", () => {
  test.beforeEach(({ lab }) => lab.load());

  test("the top five are the core's, in percent, and every change has its own answer", async ({
    lab,
    page,
  }) => {
    const { top } = await lab.signal("answer");
    const shares = await lab.top.locator(".share").allTextContents();
    expect(shares).toEqual(
      top.map((/** @type {any} */ { probability }) => `${(100 * probability).toFixed(1)}%`),
    );
    await expect(page.locator(".answered")).toHaveCount(9);
    await expect(page.locator(".answered .share").filter({ hasText: "%" })).toHaveCount(27);
    await expect(page.locator(".note").first()).toContainText("tiger cat");
  });

  test("another picture is another question, and undo brings the first back", async ({
    lab,
    page,
  }) => {
    await page.getByRole("button", { name: /Ask about this picture: Coffee/ }).click();
    await expect.poll(async () => (await lab.names())[0]).toBe("espresso");
    await lab.button("Undo").click();
    await expect.poll(async () => (await lab.names())[0]).toBe("tiger cat");
  });

  test("the patch is moved by keys and by dragging, and its answer follows", async ({
    lab,
    page,
  }) => {
    const patch = page.locator(".by-hand [role=group]");
    await expect.poll(() => lab.signal("covered")).not.toBeNull();
    const before = await lab.signal("covered");
    await patch.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    await lab.expectState({ cover: [80, 81] });
    await expect.poll(async () => (await lab.signal("covered")).top).not.toEqual(before.top);
    const { x, y, width } = /** @type {{ x: number, y: number, width: number }} */ (
      await patch.boundingBox()
    );
    await page.mouse.move(x + width / 2, y + width / 2);
    await page.mouse.down();
    await page.mouse.move(x + width, y, { steps: 4 });
    await page.mouse.up();
    await lab.expectState({ cover: [0, 176] });
  });
});

test.describe("Look inside", () => {
  test.beforeEach(async ({ lab }) => {
    await lab.load();
    await lab.tab("Look inside").click();
    await expect(lab.page.locator(".strip > .block")).toHaveCount(18);
    await expect(lab.page.locator(".place").first()).toBeVisible();
  });

  test("block, layer, map and position by keyboard; Escape goes back", async ({ lab, page }) => {
    await page.locator(".block[aria-pressed=true]").focus();
    await page.keyboard.press("ArrowRight");
    await lab.expectState({ layer: "_blocks.4._relu6_1", map: null });
    await page.getByRole("radio", { name: /plus the block/ }).click();
    await lab.expectState({ layer: "_blocks.4.add" });
    const sheet = page.getByRole("listbox");
    await expect.poll(async () => (await lab.signal("sheet"))?.layer).toBe("_blocks.4.add");
    await sheet.focus();
    await page.keyboard.press("End");
    const { sheet: found } = await lab.signal("sheet");
    await lab.expectState({ map: found.order.at(-1) });
    const over = page.locator(".map-over [role=group]");
    await over.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await lab.state()).unit).not.toBeNull();
    await page.keyboard.press("Escape");
    await lab.expectState({ unit: null, map: found.order.at(-1) });
    await page.keyboard.press("Escape");
    await lab.expectState({ map: null });
  });

  test("a click on the sheet chooses a map, one on the map a position with its field", async ({
    lab,
    page,
  }) => {
    const sheet = page.getByRole("listbox");
    const { x, y, width, height } = /** @type {any} */ (await sheet.boundingBox());
    await page.mouse.click(x + (width * 2.5) / 12, y + (height * 0.5) / 12);
    const { sheet: found } = await lab.signal("sheet");
    await lab.expectState({ map: found.order[2] });
    const over = await page.locator(".map-over [role=group]").boundingBox();
    if (!over) throw new Error("no map");
    await page.mouse.click(over.x + over.width / 2 + 1, over.y + over.height / 2 + 1);
    await lab.expectState({ unit: [14, 14] });
    await expect.poll(async () => (await lab.signal("field"))?.size).toEqual([35, 35]);
  });
});

test.describe("Why", () => {
  test("each method shows its map, occlusion fills in, stops and goes on", async ({
    lab,
    page,
  }) => {
    await lab.load();
    await lab.tab("Why").click();
    for (const name of ["cam", "gradient", "occlusion"]) {
      await expect(page.locator(`.${name} cnn-color-legend .strip`)).toBeVisible({
        timeout: 30_000,
      });
    }
    await page.locator(".occlusion .stop").click();
    await expect(page.locator(".occlusion .again")).toBeVisible();
    const found = await lab.signal("occlusion.found");
    expect(found.length % 14).toBe(0);
    await page.locator(".occlusion .again").click();
    await expect.poll(() => lab.signal("occlusion.progress"), { timeout: 60_000 }).toBe("done");
    expect(await lab.signal("occlusion.found")).toHaveLength(196);
    await expect(page.locator(".pair-of-lists li")).toHaveCount(12);
    await page.getByRole("spinbutton", { name: "Channel" }).fill("1269");
    await page.keyboard.press("Enter");
    await lab.expectState({ channel: 1269 });
    await expect(page.locator(".by-number li")).toContainText("1269");
  });

  test("another class of the five is another explanation", async ({ lab, page }) => {
    await lab.load();
    await lab.tab("Why").click();
    await expect.poll(() => lab.signal("gradCam")).not.toBeNull();
    const first = await lab.signal("gradCam");
    await page.getByRole("radio", { name: /Egyptian cat/ }).click();
    await lab.expectState({ rank: 1 });
    const values = async () => (await lab.signal("gradCam")).values;
    await expect.poll(values, { timeout: 30_000 }).not.toEqual(first.values);
    await expect(page.locator(".cam .caption")).toContainText("Egyptian cat");
  });
});

test.describe("Architectures", () => {
  test("need no weights; two are drawn, any other can be chosen, a table has all", async ({
    lab,
    page,
  }) => {
    await lab.tab("Architectures").click();
    await expect(page.locator(".network")).toHaveCount(2);
    await expect(page.locator(".network").first()).toContainText("96.2%");
    await page.getByLabel("Second network").selectOption("inception_v3");
    await lab.expectState({ compared: ["alexnet_2012", "inception_v3"] });
    await expect(page.locator(".network").nth(1)).toContainText("23.8M");
    await lab.choose("Show", "table");
    await expect(page.locator("tbody tr")).toHaveCount(8);
    await expect(page.locator("tbody tr").first()).toContainText("Krizhevsky");
  });
});

test("tabs are one stop, arrows choose, and a link opens the same", async ({ lab, page }) => {
  await lab.tab("Ask it").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(lab.tab("Architectures")).toBeFocused();
  await lab.expectState({ tab: "architectures" });
  await lab.set({ compared: ["vgg16", "mobilenet_v2"] });
  const link = writeLink(networksLabState, await lab.state());
  const other = new NetworksLab(await page.context().newPage());
  await other.open(`./${link}`);
  await other.expectState({ tab: "architectures", compared: ["vgg16", "mobilenet_v2"] });
  await expect(other.page.locator(".network").first()).toContainText("138M");
  await other.page.close();
});

test.describe("on a phone, in Russian", () => {
  test.use({ ...PHONE, locale: "ru" });

  test("the answer stands beside the picture", async ({ lab, page }) => {
    await lab.load();
    const [picture, answer] = await Promise.all(
      [".card.seen", ".card.what"].map((card) => page.locator(card).boundingBox()),
    );
    expect(picture?.y).toBe(answer?.y);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Спросите обученную сеть");
  });
});
