/** The output of a painted kernel matches the naive reference pixel for pixel. */
import { expect, Lab, test } from "../shared/lab.js";
import { cellColor } from "../shared/reference.js";

const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];

test("the page opens with Sobel x on the cat, as the reference computes it", async ({ lab }) => {
  await lab.expectState({ kernel: SOBEL, picture: { kind: "photo", name: "cat" } });
  await lab.expectInput();
  await lab.expectOutput();
});

test.describe("by mouse", () => {
  test("a drag paints the cells it crosses, and the output follows during the drag", async ({
    lab,
    page,
  }) => {
    await drag(lab, [
      [0, 0],
      [0, 1],
    ]);
    await lab.expectState({ kernel: [[1, 1, 1], SOBEL[1], SOBEL[2]] });
    await lab.expectOutput();

    const { x, y } = await lab.cellPoint(1, 1);
    await page.mouse.move(x, y);
    await lab.expectState({ kernel: [[1, 1, 1], [-2, 1, 2], SOBEL[2]] });
    await lab.expectOutput();
    await page.mouse.up();
  });

  test("a fast drag skips no cell between two events", async ({ lab, page }) => {
    await lab.set({ kernel: zeros(7) });
    await drag(lab, [
      [3, 0],
      [3, 6],
    ]);
    await page.mouse.up();
    await lab.expectState({ kernel: zeros(7).map((row, i) => (i === 3 ? row.map(() => 1) : row)) });
    await lab.expectOutput();
  });

  test("Shift, Alt and the right button paint with the opposite sign", async ({ lab, page }) => {
    await page.keyboard.down("Shift");
    await lab.cell(0, 1).click();
    await page.keyboard.up("Shift");
    await page.keyboard.down("Alt");
    await lab.cell(1, 1).click();
    await page.keyboard.up("Alt");
    await lab.cell(2, 1).click({ button: "right" });
    await lab.expectState({
      kernel: [
        [-1, -1, 1],
        [-2, -1, 2],
        [-1, -1, 1],
      ],
    });
    await lab.expectOutput();
  });

  test("the brush paints its sign and its weight", async ({ lab }) => {
    await lab.page.getByRole("slider", { name: "Brush weight" }).fill("2.5");
    await lab.choose("Brush sign", "−");
    await lab.cell(1, 1).click();
    await lab.expectState({ kernel: [SOBEL[0], [-2, -2.5, 2], SOBEL[2]] });
    await lab.choose("Brush sign", "0");
    await lab.cell(0, 0).click();
    await lab.expectState({ kernel: [[0, 0, 1], [-2, -2.5, 2], SOBEL[2]] });
    await lab.expectOutput();
  });

  test("a symmetric brush repeats what it paints", async ({ lab }) => {
    for (const [symmetry, kernel] of /** @type {[string, number[][]][]} */ ([
      [
        "no symmetry",
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
      ],
      [
        "left and right",
        [
          [1, 0, 1],
          [0, 0, 0],
        ],
      ],
      [
        "top and bottom",
        [
          [1, 0, 0],
          [1, 0, 0],
        ],
      ],
      [
        "all four sides",
        [
          [1, 0, 1],
          [1, 0, 1],
        ],
      ],
      [
        "90° rotations",
        [
          [1, 0, 0],
          [0, 0, 1],
        ],
      ],
    ])) {
      await lab.set({ kernel: kernel.map((row) => row.map(() => 0)) });
      await lab.choose("Brush symmetry", symmetry);
      await lab.cell(0, 0).click();
      await lab.expectState({ kernel });
      await lab.expectOutput();
    }
  });

  test("a rotational brush repeats by 90° on a square kernel", async ({ lab }) => {
    await lab.set({ kernel: zeros(3) });
    await lab.choose("Brush symmetry", "90° rotations");
    await lab.cell(0, 1).click();
    await lab.expectState({
      kernel: [
        [0, 1, 0],
        [1, 0, 1],
        [0, 1, 0],
      ],
    });
  });

  test("the wheel changes a cell once the grid has the focus, finely with Alt", async ({
    lab,
    page,
  }) => {
    await lab.cell(1, 1).click();
    await page.mouse.wheel(0, -100);
    await lab.expectState({ kernel: [SOBEL[0], [-2, 2, 2], SOBEL[2]] });
    await page.keyboard.down("Alt");
    await page.mouse.wheel(0, 100);
    await lab.expectState({ kernel: [SOBEL[0], [-2, 1.9, 2], SOBEL[2]] });
    await lab.expectOutput();
  });

  test("a double click types a weight, fractions included", async ({ lab, page }) => {
    await lab.choose("Brush sign", "0");
    await lab.cell(0, 0).dblclick();
    await page.keyboard.type("1/9");
    await page.keyboard.press("Enter");
    await lab.expectState({ kernel: [[1 / 9, 0, 1], SOBEL[1], SOBEL[2]] });
    await lab.expectOutput();
  });
});

test.describe("by touch", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("a tap paints one cell", async ({ lab, page }) => {
    const { x, y } = await lab.cellPoint(1, 1);
    await page.touchscreen.tap(x, y);
    await lab.expectState({ kernel: [SOBEL[0], [-2, 1, 2], SOBEL[2]] });
    await lab.expectOutput();
  });

  test("a finger paints the cells it crosses without scrolling the page", async ({ lab, page }) => {
    await lab.choose("Brush sign", "−");
    const points = [
      await lab.cellPoint(0, 0),
      await lab.cellPoint(1, 0),
      await lab.cellPoint(1, 1),
    ];
    const scrolled = await page.evaluate(() => scrollY);
    const touch = await page.context().newCDPSession(page);
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [points[0]] });
    for (const point of points.slice(1)) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [point] });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await lab.expectState({
      kernel: [
        [-1, 0, 1],
        [-1, -1, 2],
        [-1, 0, 1],
      ],
    });
    await lab.expectOutput();
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  });
});

test.describe("by keyboard", () => {
  test("arrows move, Space paints, Shift Space paints the opposite sign, Delete clears", async ({
    lab,
    page,
  }) => {
    await lab.cell(0, 0).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+Space");
    await page.keyboard.press("End");
    await page.keyboard.press("Delete");
    await lab.expectState({
      kernel: [
        [-1, 1, 1],
        [-2, -1, 0],
        [-1, 0, 1],
      ],
    });
    await lab.expectOutput();
  });

  test("plus and minus change a weight by 1, with Alt by 0.1", async ({ lab, page }) => {
    await lab.cell(0, 0).focus();
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("-");
    for (let press = 0; press < 3; press++) await page.keyboard.press("Alt+Shift+ArrowUp");
    await lab.expectState({ kernel: [[1, -0.7, 1], SOBEL[1], SOBEL[2]] });
    await lab.expectOutput();
  });

  test("a number, a decimal comma, a fraction and an exponent can be typed", async ({
    lab,
    page,
  }) => {
    for (const [row, [typed, value]] of /** @type {[string, number][]} */ ([
      ["-0,25", -0.25],
      ["1/9", 1 / 9],
      ["1e-3", 0.001],
    ]).entries()) {
      await lab.cell(row, 1).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.type(typed);
      await page.keyboard.press("Enter");
      await expect.poll(async () => (await lab.state()).kernel[row][1]).toBe(value);
    }
    await lab.expectOutput();
  });

  test("digits open a cell for editing; Tab keeps them and moves on, Escape discards them", async ({
    lab,
    page,
  }) => {
    await lab.cell(0, 0).focus();
    await page.keyboard.type("7");
    await page.keyboard.press("Tab");
    await page.keyboard.type("-3");
    await page.keyboard.press("Tab");
    await page.keyboard.type("9");
    await page.keyboard.press("Escape");
    await lab.expectState({ kernel: [[7, -3, 1], SOBEL[1], SOBEL[2]] });
  });
});

test("cells announce row, column and value, and show their numbers", async ({ lab }) => {
  await expect(lab.page.getByRole("grid", { name: "Kernel, 3 by 3" })).toBeVisible();
  await expect(lab.page.getByRole("gridcell")).toHaveCount(9);
  const spoken = lab.page.getByRole("gridcell", { name: "Row 2, column 1, weight −2" });
  await expect(spoken.locator(".figure")).toHaveText("−2");
});

test("cells are coloured by sign and magnitude", async ({ lab }) => {
  const weights = [-4, -1, 0, 0.5, 3];
  await lab.set({ kernel: [weights] });
  for (const [col, weight] of weights.entries()) {
    const [red, green, blue] = cellColor(weight, 4);
    await expect(lab.cell(0, col)).toHaveCSS("background-color", `rgb(${red}, ${green}, ${blue})`);
  }
});

test("the sum and the L1 norm are shown", async ({ lab }) => {
  await lab.set({ kernel: [[-1.5, 2, 0.25]] });
  await expect(lab.page.getByRole("region", { name: "Kernel", exact: true })).toContainText(
    "1 × 3 · sum 0.75 · L1 3.75",
  );
});

test.describe("tools", () => {
  const KERNEL = [
    [1, 2, 3],
    [0, -4, 6],
  ];
  /** @type {{ tool: string, menu?: string, kernel: number[][] }[]} */
  const TOOLS = [
    {
      tool: "Rotate 90° clockwise",
      kernel: [
        [0, 1],
        [-4, 2],
        [6, 3],
      ],
    },
    {
      tool: "Flip horizontally",
      kernel: [
        [3, 2, 1],
        [6, -4, 0],
      ],
    },
    { tool: "Flip vertically", kernel: [KERNEL[1], KERNEL[0]] },
    {
      tool: "Transpose: swap rows and columns",
      kernel: [
        [1, 0],
        [2, -4],
        [3, 6],
      ],
    },
    {
      tool: "Negate every weight",
      kernel: [
        [-1, -2, -3],
        [0, 4, -6],
      ],
    },
    {
      tool: "Set every weight to 0",
      kernel: [
        [0, 0, 0],
        [0, 0, 0],
      ],
    },
    {
      tool: "Sum 0",
      menu: "Normalise",
      kernel: KERNEL.map((row) => row.map((w) => w - 8 / 6)),
    },
    { tool: "Sum 1", menu: "Normalise", kernel: KERNEL.map((row) => row.map((w) => w / 8)) },
    {
      tool: "Absolute sum 1",
      menu: "Normalise",
      kernel: KERNEL.map((row) => row.map((w) => w / 16)),
    },
  ];
  test("every tool does what its name says", async ({ lab }) => {
    for (const { tool, menu, kernel } of TOOLS) {
      await lab.set({ kernel: KERNEL });
      if (menu) await lab.button(menu).click();
      await lab.page.getByRole("button", { name: new RegExp(`^${tool}`) }).click();
      await lab.expectState({ kernel });
      await lab.expectOutput();
    }
  });

  test("random weights differ from press to press and have two decimals", async ({ lab }) => {
    await lab.button("Random weights").click();
    await expect.poll(async () => (await lab.state()).kernel).not.toEqual(SOBEL);
    const first = (await lab.state()).kernel;
    expect(first.flat().map((weight) => Number(weight.toFixed(2)))).toEqual(first.flat());
    await lab.expectOutput();
    await lab.button("Random weights").click();
    await expect.poll(async () => (await lab.state()).kernel).not.toEqual(first);
  });

  test("the kernel grows around its centre and shrinks again", async ({ lab }) => {
    await lab.fill("Size", "5");
    const empty = [0, 0, 0, 0, 0];
    await lab.expectState({
      kernel: [empty, [0, -1, 0, 1, 0], [0, -2, 0, 2, 0], [0, -1, 0, 1, 0], empty],
    });
    await lab.expectOutput();
    await lab.fill("Size", "3");
    await lab.expectState({ kernel: SOBEL });
  });

  test("height and width can be set separately", async ({ lab }) => {
    await lab.button("Keep the kernel square").click();
    await lab.fill("Height", "1");
    await lab.expectState({ kernel: [[-2, 0, 2]] });
    await lab.expectOutput();
  });

  test("the largest kernel is 15 by 15", async ({ lab }) => {
    await lab.fill("Size", "15");
    await expect(lab.page.getByRole("gridcell")).toHaveCount(225);
    await drag(lab, [
      [0, 0],
      [14, 14],
    ]);
    await lab.page.mouse.up();
    const { kernel } = await lab.state();
    expect(kernel.every((row, index) => row[index] === 1)).toBe(true);
    await lab.expectOutput();
  });
});

/**
 * Presses the mouse on a cell and drags it to the others in single moves.
 * @param {Lab} lab
 * @param {[row: number, col: number][]} cells
 */
async function drag(lab, [first, ...others]) {
  const start = await lab.cellPoint(...first);
  await lab.page.mouse.move(start.x, start.y);
  await lab.page.mouse.down();
  for (const cell of others) {
    const { x, y } = await lab.cellPoint(...cell);
    await lab.page.mouse.move(x, y);
  }
}

/** @param {number} side */
function zeros(side) {
  return Array.from({ length: side }, () => Array.from({ length: side }, () => 0));
}
