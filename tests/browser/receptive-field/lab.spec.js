/** The receptive-field lab: its numbers against independent ones, and all its interactions. */
import { receptiveFieldLabState } from "../../../www/labs/receptive-field/state.js";
import { writeLink } from "../../../www/state/permalink.js";
import { difference } from "../shared/lab.js";
import { closedForm, expect, FieldLab, resnet18, test, uniformField, vgg16 } from "./lab.js";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

/** @param {number} value */
const square = (value) => `${value} × ${value}`;

test("every layer of ResNet-18 has the closed form's field", async ({ lab }) => {
  for (let units = 1; units <= 8; units++) {
    const layer = `layer${Math.ceil(units / 2)}.${(units + 1) % 2}.conv2`;
    const { size, stride, padding } = closedForm(resnet18(units));
    expect(await lab.row(layer)).toMatchObject({
      "Receptive field": square(size),
      "Effective stride": String(stride),
      "Effective padding": String(padding),
    });
  }
});

test("ResNet-18 has as many parameters and multiply-adds as published", async ({ lab }) => {
  const sums = { Parameters: 0, "Multiply-adds": 0 };
  for (const layer of await lab.rows()) {
    const row = await lab.row(layer);
    for (const name of /** @type {const} */ (["Parameters", "Multiply-adds"])) {
      sums[name] += Number(row[name].replaceAll(",", ""));
    }
  }
  // torchvision's documentation: 11 689 512 parameters, 1.814 billion multiply-adds.
  expect(sums.Parameters).toBe(11_689_512);
  expect((sums["Multiply-adds"] / 1e9).toFixed(3)).toBe("1.814");
});

test("VGG-16 ends with the published field", async ({ lab }) => {
  await lab.network("VGG-16");
  const { size, stride, padding } = closedForm(vgg16());
  // The table of google-research/receptive_field: 212, 32, 90.
  expect([size, stride, padding]).toEqual([212, 32, 90]);
  await expect
    .poll(() => lab.row("features.30"))
    .toMatchObject({
      "Receptive field": square(212),
      "Effective stride": "32",
      "Effective padding": "90",
      "Feature map": "512 × 7 × 7",
    });
});

test("the field of a position is outlined where the closed form says", async ({ lab }) => {
  const { size, stride, padding } = closedForm(resnet18(4));
  const { x, y } = await lab.map.point(40, 200);
  await lab.page.mouse.click(x, y);
  // The photograph has 256 pixels, the input 224: the field of position u starts at u · S − P.
  const at = (/** @type {number} */ pixel) => {
    const place = ((pixel + 0.5) * 224) / 256;
    const unit = Math.floor((place - ((size - 1) / 2 - padding + 0.5 - stride / 2)) / stride);
    return { unit, first: unit * stride - padding, last: unit * stride - padding + size - 1 };
  };
  const [row, col] = [at(40), at(200)];
  const minus = (/** @type {number} */ value) => String(value).replace("-", "−");
  await expect(lab.page.locator(".card.view header")).toContainText(
    `row ${row.unit} of 28, column ${col.unit} of 28`,
  );
  await expect(lab.page.locator(".region")).toContainText(
    `input: rows ${minus(row.first)} to ${minus(row.last)}, columns ${minus(col.first)} to ${minus(col.last)}`,
  );
  await expect(lab.page.locator(".region")).toContainText("The hatched part is padding");
});

test("arrow keys move by one position, and the field by the stride", async ({ lab }) => {
  await lab.map.viewport.focus();
  await lab.page.keyboard.press("ArrowRight");
  await lab.page.keyboard.press("ArrowUp");
  const { size, stride, padding } = closedForm(resnet18(4));
  // The middle of 28 positions is 14.
  const [row, col] = [13, 15].map((unit) => unit * stride - padding);
  await expect(lab.page.locator(".region")).toHaveText(
    `input: rows ${row} to ${row + size - 1}, columns ${col} to ${col + size - 1}`,
  );
  await lab.page.keyboard.press("Home");
  await expect(lab.page.locator(".card.view header")).toContainText("row 13 of 28, column 0 of 28");
});

test("a rectangle is drawn for every layer in between, each inside the next", async ({ lab }) => {
  const boxes = await lab.map.overlay
    .locator("rect.between, rect.line.hover, rect.unit")
    .evaluateAll((rects) =>
      rects.map((rect) => {
        const { x, y, width, height } = rect.getBoundingClientRect();
        return { x, y, right: x + width, bottom: y + height };
      }),
    );
  expect(boxes.length).toBeGreaterThan(8);
  const byWidth = boxes.sort((a, b) => b.right - b.x - (a.right - a.x));
  for (let index = 1; index < byWidth.length; index++) {
    const [outer, inner] = [byWidth[index - 1], byWidth[index]];
    expect(inner.x).toBeGreaterThanOrEqual(outer.x - 0.5);
    expect(inner.y).toBeGreaterThanOrEqual(outer.y - 0.5);
    expect(inner.right).toBeLessThanOrEqual(outer.right + 0.5);
    expect(inner.bottom).toBeLessThanOrEqual(outer.bottom + 0.5);
  }
});

test("each growth step shows its numbers", async ({ lab }) => {
  const steps = await lab.growth
    .locator("button math")
    .evaluateAll((formulas) =>
      formulas.map((formula) => (formula.textContent ?? "").replace(/\s/g, "")),
    );
  const windows = resnet18(4).filter(({ kernel }) => kernel > 1);
  expect(steps).toHaveLength(windows.length);
  windows.forEach(({ kernel }, index) => {
    const before = closedForm(windows.slice(0, index));
    const after = closedForm(windows.slice(0, index + 1));
    expect(steps[index]).toBe(`${before.size}+(${kernel}−1)·1·${before.stride}=${after.size}`);
  });
});

test("pointing at a step highlights that layer's region", async ({ lab }) => {
  await expect(lab.map.overlay.locator(".named")).toHaveCount(0);
  await lab.growth.locator("button").first().hover();
  await expect(lab.map.overlay.locator(".named")).toHaveCount(1);
  await expect(lab.page.locator(".region")).toContainText("conv1: rows");
});

test.describe("the graph", () => {
  test("blocks expand and collapse, and a collapsed one stands for its last layer", async ({
    lab,
  }) => {
    await expect(lab.item("layer3.0")).toHaveAttribute("aria-expanded", "false");
    await lab.item("layer3.0").click();
    await lab.expectState({ node: "layer3.0.relu_1" });
    await lab.expectFigure("Receptive field", square(closedForm(resnet18(5)).size));
    await lab.item("layer3.0").dblclick();
    await expect(lab.item("layer3.0.conv1")).toBeVisible();
    await lab.page.getByRole("button", { name: "Collapse all" }).click();
    await expect(lab.item("layer3")).toBeVisible();
    await expect(lab.item("layer3.0.conv1")).toHaveCount(0);
  });

  test("the keyboard alone moves, expands, collapses and selects", async ({ lab }) => {
    const tree = lab.page.getByRole("tree", {
      name: "The network as a graph, the input at the top",
    });
    await tree.focus();
    await lab.page.keyboard.press("Home");
    for (let step = 0; step < 5; step++) await lab.page.keyboard.press("ArrowDown");
    await lab.page.keyboard.press("+");
    await expect(lab.item("layer1.0.conv1")).toBeVisible();
    await lab.page.keyboard.press("Enter");
    await lab.expectState({ node: "layer1.0.conv1" });
    await lab.page.keyboard.press("-");
    await expect(lab.item("layer1.0.conv1")).toHaveCount(0);
    await expect(lab.item("layer1.0")).toHaveAttribute("aria-selected", "true");
  });

  test("of 515 layers only those near the viewport are in the document", async ({ lab }) => {
    await lab.network("ResNet-152");
    await expect(lab.item("layer3.35")).toBeVisible();
    await lab.page.getByRole("button", { name: "Expand all" }).click();
    await expect(lab.item("fc")).toHaveAttribute("aria-setsize", "516");
    expect(await lab.graph.locator("[data-item]").count()).toBeLessThan(120);
    await lab.graph.locator(".viewport").press("Home");
    await expect(lab.item("conv1")).toBeVisible();
  });

  test("the first click after scrolling chooses the layer under the pointer", async ({ lab }) => {
    await lab.network("ResNet-50");
    await expect(lab.item("layer3.5")).toBeAttached();
    const viewport = lab.graph.locator(".viewport");
    await viewport.hover();
    await lab.page.mouse.wheel(0, 1000);
    await expect.poll(() => viewport.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(500);
    const { id, x, y } = await viewport.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const middle = (top + bottom) / 2;
      const boxes = [...element.querySelectorAll("[data-item]")].map((item) => ({
        id: item.getAttribute("data-item"),
        ...item.getBoundingClientRect().toJSON(),
      }));
      const distance = (/** @type {DOMRect} */ box) =>
        Math.abs((box.top + box.bottom) / 2 - middle);
      const box = boxes.reduce((best, next) => (distance(next) < distance(best) ? next : best));
      return { id: String(box.id), x: box.left + box.width / 2, y: box.top + box.height / 2 };
    });
    const before = await viewport.evaluate(({ scrollTop }) => scrollTop);
    await lab.page.mouse.click(x, y);
    await expect(lab.item(id)).toHaveAttribute("aria-selected", "true");
    expect(await viewport.evaluate(({ scrollTop }) => scrollTop)).toBe(before);
  });

  test("pointing at a layer shows its field until the pointer leaves", async ({ lab }) => {
    await lab.graph.locator(".viewport").press("Home");
    await lab.item("conv1").hover();
    await lab.expectFigure("Receptive field", square(7));
    await lab.page.mouse.move(5, 5);
    await lab.expectFigure("Receptive field", square(99));
  });
});

test.describe("questions", () => {
  /**
   * The rows of the comparison.
   * @param {FieldLab} lab
   */
  const compared = (lab) =>
    lab.page.locator(".answer tbody tr").evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => {
          const [name, ...values] = Array.from(row.children, (cell) => cell.textContent?.trim());
          return [name, values];
        }),
      ),
    );

  test("two 3×3 against one 5×5", async ({ lab }) => {
    await lab.button("Two 3×3 or one 5×5?").click();
    const weights = [2 * 3 * 3 * 9, 3 * 3 * 25];
    await expect
      .poll(() => compared(lab))
      .toEqual({
        "Receptive field": [square(5), square(5)],
        Parameters: [String(weights[0] + 6), String(weights[1] + 3)],
        "Multiply-adds": weights.map((count) => (64 * 64 * count).toLocaleString("en")),
        Layers: ["4", "2"],
      });
    await lab.expectFigure("Receptive field", square(5));
  });

  test("what dilation does", async ({ lab }) => {
    await lab.button("What does dilation do?").click();
    const without = closedForm(Array(7).fill({ kernel: 3 })).size;
    const dilated = closedForm([1, 1, 2, 4, 8, 16, 1].map((dilation) => ({ kernel: 3, dilation })));
    await expect
      .poll(() => compared(lab))
      .toMatchObject({
        "Receptive field": [square(without), square(dilated.size)],
      });
    const { Parameters: parameters, "Multiply-adds": multiplyAdds } = await compared(lab);
    expect(parameters[0]).toBe(parameters[1]);
    expect(multiplyAdds[0]).toBe(multiplyAdds[1]);
  });

  test("what a skip connection does", async ({ lab }) => {
    await lab.button("What does a skip connection do?").click();
    await expect
      .poll(() => compared(lab))
      .toMatchObject({
        "Receptive field": [square(7), square(7)],
      });
    const { Parameters: parameters, Layers: layers } = await compared(lab);
    expect(parameters[0]).toBe(parameters[1]);
    expect(Number(layers[1]) - Number(layers[0])).toBe(1);
  });

  test("why branches must be aligned", async ({ lab }) => {
    await lab.button("Why align branches?").click();
    // One window of 5 with stride 2 and 2 pixels of padding, against two of 3 without.
    const wide = closedForm([{ kernel: 5, stride: 2, padding: 2 }]);
    const narrow = closedForm([{ kernel: 3 }, { kernel: 3 }]);
    const centre = (/** @type {typeof wide} */ { size, padding }) =>
      String((size - 1) / 2 - padding);
    await expect
      .poll(() => compared(lab))
      .toMatchObject({
        "Effective stride": [String(narrow.stride), String(wide.stride)],
        "Centre of position 0": [centre(narrow), centre(wide)],
      });
    await lab.expectFigure("Aligned", "no");
    await expect(lab.item("sum").locator(".warning")).toBeVisible();
    await expect(lab.map.overlay.locator(".letter")).toHaveText(["A", "B"]);
    await expect(lab.page.locator(".branches li")).toHaveText([
      "A: L3 sees rows 0 to 4, columns 0 to 4",
      "B: L1 sees rows −2 to 2, columns −2 to 2",
    ]);
  });

  test("when SAME padding misaligns", async ({ lab }) => {
    await lab.button("When does SAME padding misalign?").click();
    await expect
      .poll(() => compared(lab))
      .toMatchObject({
        Input: ["3 × 64 × 64", "3 × 65 × 65"],
        Aligned: ["no", "yes"],
      });
    await lab.fill("Input, pixels", "65");
    await lab.expectFigure("Aligned", "yes");
  });
});

test.describe("the learner's own network", () => {
  /**
   * Adds a layer of a kind.
   * @param {FieldLab} lab
   * @param {string} kind
   */
  const add = async (lab, kind) => {
    await lab.page.getByLabel("New layer after the selected one").selectOption({ label: kind });
    await lab.button("Add").click();
  };

  test("is built from scratch, and every change takes effect at once", async ({ lab }) => {
    await lab.button("New").click();
    await expect(lab.editor).toBeVisible();
    await add(lab, "conv 3×3");
    await lab.expectFigure("Receptive field", square(3));
    await add(lab, "max pool 2×2 /2");
    await add(lab, "conv 3×3");
    const windows = [{ kernel: 3 }, { kernel: 2, stride: 2 }, { kernel: 3 }];
    await lab.expectFigure("Receptive field", square(closedForm(windows).size));
    await lab.fill("Kernel", "5");
    windows[2].kernel = 5;
    await lab.expectFigure("Receptive field", square(closedForm(windows).size));
    await lab.fill("Dilation", "3");
    const { size } = closedForm([windows[0], windows[1], { kernel: 5, dilation: 3 }]);
    await lab.expectFigure("Receptive field", square(size));
    // 16 × 16 channel pairs of 5 × 5 weights, and 16 biases.
    await lab.expectFigure("Parameters", String(16 * 16 * 25 + 16));
  });

  test("its layers move by button, key and drag", async ({ lab }) => {
    await lab.button("New").click();
    await add(lab, "conv 3×3");
    await add(lab, "max pool 2×2 /2");
    const order = async () =>
      /** @type {any} */ ((await lab.state()).net).spec.layers.map(
        (/** @type {{ id: string }} */ { id }) => id,
      );
    await lab.editor.getByRole("button", { name: "Move up" }).click();
    await expect.poll(order).toEqual(["pool1", "conv1"]);
    // The pooling now comes first: 2, then 3 at stride 2.
    const { size } = closedForm([{ kernel: 2, stride: 2 }, { kernel: 3 }]);
    await expect.poll(() => lab.row("conv1")).toMatchObject({ "Receptive field": square(size) });
    await lab.editor.locator(".layer", { hasText: "pool1" }).press("Alt+ArrowDown");
    await expect.poll(order).toEqual(["conv1", "pool1"]);
    const handle = lab.editor.locator("li[data-layer=pool1] .handle");
    await handle.dragTo(lab.editor.locator("li[data-layer=conv1]"));
    await expect.poll(order).toEqual(["pool1", "conv1"]);
  });

  test("a layer is removed, and undo restores it", async ({ lab }) => {
    await lab.choose("Graph or editor", "edit");
    const before = await lab.state();
    await lab.editor.getByRole("button", { name: "Remove" }).click();
    await expect.poll(async () => (await lab.state()).net.kind).toBe("own");
    await expect.poll(() => lab.rows()).not.toContain("layer2.1.conv2");
    await lab.page.keyboard.press("Control+z");
    expect(await lab.state()).toEqual(before);
    await expect.poll(() => lab.rows()).toContain("layer2.1.conv2");
    await lab.page.keyboard.press("Control+Shift+z");
    await expect.poll(() => lab.rows()).not.toContain("layer2.1.conv2");
  });

  test("layers that do not fit are reported, and the last figures stay", async ({ lab }) => {
    await lab.choose("Graph or editor", "edit");
    await lab.fill("Channels", "100");
    await expect(lab.page.locator(".network .note.problem")).toContainText("layer2.1.add");
    await expect(lab.page.locator(".network .note.problem")).toContainText("[100, 28, 28]");
    await lab.expectFigure("Feature map", "128 × 28 × 28");
    await lab.fill("Channels", "128");
    await expect(lab.page.locator(".network .note.problem")).toHaveCount(0);
  });

  test("is copied as JSON and pasted again", async ({ lab }) => {
    const json = lab.page.getByRole("region", { name: "The network as JSON" });
    const text = await json.locator("code").first().textContent();
    const spec = JSON.parse(text ?? "");
    expect(spec.layers[0]).toEqual({
      id: "conv1",
      op: "conv2d",
      channels: 64,
      kernel: 7,
      stride: 2,
      padding: 3,
      bias: false,
    });
    spec.layers = spec.layers.slice(0, 4);
    await lab.page.getByLabel("Paste a network as JSON").fill(JSON.stringify(spec));
    await lab.button("Open").click();
    await expect.poll(() => lab.rows()).toEqual(["input", "conv1", "bn1", "relu", "maxpool"]);
    await lab.expectFigure("Receptive field", square(11));
  });

  for (const [what, text, words] of [
    ["text that is not JSON", "conv, conv", "Expected JSON"],
    ["JSON that is not a network", '{"layers":[]}', "input"],
    [
      "an operator that does not exist",
      '{"input":{"channels":1,"height":8,"width":8},"layers":[{"id":"a","op":"conv3d"}]}',
      "conv3d",
    ],
    [
      "a cycle",
      '{"input":{"channels":1,"height":8,"width":8},"layers":[{"id":"a","op":"flatten","from":"b"},{"id":"b","op":"flatten","from":"a"}]}',
      "cycle",
    ],
    [
      "a window that does not fit",
      '{"input":{"channels":1,"height":2,"width":2},"layers":[{"id":"a","op":"conv2d","channels":1,"kernel":5}]}',
      "5",
    ],
  ]) {
    test(`${what} is refused in one sentence, and nothing is lost`, async ({ lab }) => {
      const before = await lab.state();
      const area = lab.page.getByLabel("Paste a network as JSON");
      await area.fill(text);
      await lab.button("Open").click();
      await expect(lab.page.locator("#spec-problem")).toContainText(words);
      await expect(area).toHaveValue(text);
      await expect(area).toHaveAttribute("aria-invalid", "true");
      expect(await lab.state()).toEqual(before);
    });
  }
});

test.describe("history and links", () => {
  test("a link restores everything, the learner's own network too", async ({ lab }) => {
    await lab.button("New").click();
    await lab.button("Add").click();
    await lab.fill("Kernel", "7");
    await lab.set({
      point: [10.5, 20.5],
      gradient: { weights: "uniform", activation: "relu", seed: 3, draws: 2 },
    });
    const before = await lab.state();
    await lab.reload();
    expect(await lab.state()).toEqual(before);
    await lab.expectFigure("Receptive field", square(7));
  });

  test("share copies a link that opens the same", async ({ lab, page }) => {
    await lab.button("Why align branches?").click();
    await lab.button("Share").click();
    await expect(lab.button("Link copied")).toBeVisible();
    const link = await lab.clipboard();
    expect(link).toContain("#receptive-field=");
    const before = await lab.state();
    const other = new FieldLab(await page.context().newPage());
    await other.open(link);
    expect(await other.state()).toEqual(before);
  });

  test("undo reverts the network, the layer, the point and the question", async ({ lab }) => {
    const states = [await lab.state()];
    const changes = [
      () => lab.network("AlexNet"),
      () => lab.table.locator("tbody button", { hasText: "features.3" }).first().click(),
      () => lab.map.viewport.press("ArrowLeft"),
      () => lab.button("What does dilation do?").click(),
      () => lab.button("Reset").click(),
    ];
    for (const change of changes) {
      await change();
      await expect.poll(() => lab.state()).not.toEqual(states.at(-1));
      states.push(await lab.state());
    }
    for (const state of states.slice(0, -1).reverse()) {
      await lab.button("Undo").click();
      await expect.poll(() => lab.state()).toEqual(state);
    }
  });

  for (const [what, hash, words] of [
    ["a damaged link", "#receptive-field=%%%", "damaged"],
    [
      "a link with a wrong part",
      `#receptive-field=${Buffer.from('{"v":1,"point":"here"}').toString("base64url")}`,
      "selected point",
    ],
  ]) {
    test(`${what} is reported, and the default network is shown`, async ({ page }) => {
      const lab = new FieldLab(page);
      await lab.open(`./${hash}`);
      await expect(page.locator(".notice .note")).toContainText(words);
      expect(await lab.state()).toEqual(receptiveFieldLabState.defaultState());
    });
  }

  test("a link to an unknown network says so and can be left", async ({ page }) => {
    const lab = new FieldLab(page);
    const { state } = receptiveFieldLabState.parseState({ net: { kind: "zoo", name: "resnet19" } });
    if (!state) throw new Error("a name is a name");
    await page.goto(`./${writeLink(receptiveFieldLabState, state)}`);
    await expect(page.locator(".network .note.problem")).toContainText("resnet19");
    await lab.network("AlexNet");
    await expect.poll(() => lab.rows()).toContain("features.0");
    await expect(page.locator(".network .note.problem")).toHaveCount(0);
  });
});

test.describe("the table", () => {
  test("sorts by any column, both ways, and back", async ({ lab }) => {
    const first = await lab.rows();
    const head = lab.table.getByRole("columnheader", { name: "Parameters" });
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "ascending");
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "descending");
    // The largest are the 3 × 3 convolutions of 512 channels, except the first of the four.
    expect((await lab.rows())[0]).toBe("layer4.0.conv2");
    await head.getByRole("button").click();
    await expect(head).not.toHaveAttribute("aria-sort");
    expect(await lab.rows()).toEqual(first);
  });

  test("is copied as CSV and as Markdown", async ({ lab }) => {
    await lab.button("Copy as CSV").click();
    await expect.poll(() => lab.clipboard()).toContain("layer,operator,output");
    const csv = (await lab.clipboard()).trim().split("\n");
    expect(csv).toHaveLength(1 + (await lab.rows()).length);
    expect(csv[2]).toMatch(/^conv1,conv2d,64 x 112 x 112,9408,118013952,/);
    await lab.button("Copy as Markdown").click();
    await expect.poll(() => lab.clipboard()).toContain("| --- |");
  });

  test("selects a layer by click and by key", async ({ lab }) => {
    await lab.table.locator("tbody button", { hasText: "maxpool" }).click();
    await lab.expectState({ node: "maxpool" });
    await lab.page.keyboard.press("ArrowDown");
    await lab.page.keyboard.press("Enter");
    await lab.expectState({ node: "layer1.0.conv1" });
  });
});

test("the network is shown as PyTorch code", async ({ lab }) => {
  const code = lab.page.getByRole("region", { name: "The network in PyTorch" }).locator("code");
  await expect(code.first()).toContainText("class Network(nn.Module):");
  await expect(code.first()).toContainText(
    "self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)",
  );
});

test("picking in the growth chart selects the layer", async ({ lab }) => {
  const plot = lab.page.locator("cnn-line-chart .plot");
  await plot.focus();
  await plot.press("Home");
  await plot.press("ArrowRight");
  await plot.press("Enter");
  await lab.expectState({ node: "conv1" });
  await lab.expectFigure("Receptive field", square(7));
});

test.describe("the effective field", () => {
  /** @param {number} count */
  const stack = (count) => {
    const layers = Array.from({ length: count }, (_, index) => ({
      id: `conv${index + 1}`,
      op: "conv2d",
      channels: 3,
      kernel: 3,
      padding: 1,
    }));
    const spec = { input: { channels: 3, height: 33, width: 33 }, layers };
    return { net: /** @type {any} */ ({ kind: "own", spec }), node: `conv${count}`, size: null };
  };

  test("with uniform weights is the box convolved with itself", async ({ lab }) => {
    const gradient = /** @type {const} */ ({
      weights: "uniform",
      activation: "linear",
      seed: 1,
      draws: 1,
    });
    await lab.set({ ...stack(5), gradient, picture: { kind: "photo", name: "coffee" } });
    await lab.effective.element.scrollIntoViewIfNeeded();
    const { size, pixels, sd } = uniformField(5);
    const said = lab.page.locator(".effective .said");
    await expect(said).toContainText(`The theoretical field is ${square(size)} pixels`);
    await expect(said).toContainText(`comes from ${pixels} of them`);
    await expect(said).toContainText(
      `The standard deviation is ${sd.toPrecision(3)} rows and ${sd.toPrecision(3)} columns`,
    );
    const { width, height, rgba } = await lab.effective.pixels();
    expect([height, width]).toEqual([33, 33]);
    const color = (/** @type {number} */ row, /** @type {number} */ col) => [
      ...rgba.slice(4 * (33 * row + col), 4 * (33 * row + col) + 3),
    ];
    // The centre is all orange; beyond the field the picture stays grey.
    expect(color(16, 16)).toEqual([0xd9, 0x5f, 0x0e]);
    const outside = 16 - (size - 1) / 2 - 1;
    const [red, green, blue] = color(16, outside);
    expect(red === green && green === blue).toBe(true);
    const [inRed, , inBlue] = color(16, outside + 3);
    expect(inRed).toBeGreaterThan(inBlue);
  });

  test("with random weights depends only on the seed", async ({ lab }) => {
    const gradient = /** @type {const} */ ({
      weights: "random",
      activation: "relu",
      seed: 1,
      draws: 1,
    });
    await lab.set({ ...stack(4), gradient });
    await lab.effective.element.scrollIntoViewIfNeeded();
    await expect.poll(() => lab.effective.isPainted()).toBe(true);
    await expect(lab.page.locator(".effective .said")).toContainText(square(9));
    const first = await lab.effective.pixels();
    await lab.fill("Seed", "2");
    await expect.poll(async () => difference(await lab.effective.pixels(), first)).not.toBe("none");
    await lab.fill("Seed", "1");
    await lab.effective.expectPixels(first);
  });

  test("of a large network is measured on request, shows its draws, and can be cancelled", async ({
    lab,
  }) => {
    const gradient = /** @type {const} */ ({
      weights: "random",
      activation: "relu",
      seed: 1,
      draws: 64,
    });
    await lab.set({ net: { kind: "zoo", name: "vgg16" }, size: null, node: "", gradient });
    await lab.effective.element.scrollIntoViewIfNeeded();
    const ask = lab.button("Measure (takes a few seconds)");
    await ask.click();
    const drawn = lab.page.locator(".effective .drawn");
    await expect(drawn).toContainText(/^\s*[1-9]\d* of 64 draws/);
    // After the first draw there is a picture, which the others refine.
    expect(await lab.effective.isPainted()).toBe(true);
    const cancel = lab.page.locator(".effective .cancel");
    await cancel.click();
    await expect(lab.page.locator(".effective .note.problem")).toContainText("cancelled");
    await expect(cancel).toHaveCount(0);
    await expect(drawn).not.toContainText("64 of 64");
    // The rest of the lab kept working.
    await lab.map.viewport.press("ArrowLeft");
    await expect(lab.page.locator(".card.view header")).toContainText("column");
  });
});
