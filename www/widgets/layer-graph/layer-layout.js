/**
 * The layout of a layer graph: top to bottom, each item below its inputs.
 *
 * A network consists mostly of chains. The longest runs straight down; a branch or a skip
 * connection gets a lane beside the chain it leaves, shorter ones closer to it; all skip
 * connections from one item share a lane. An edge runs down in its own lane and sideways only
 * between two rows, so it never crosses an item. The time grows with items times lanes: a general
 * layered layout (dagre 3.1.3) took 11 s for the 429 items of DenseNet-121; this takes a few
 * milliseconds.
 *
 * Lengths are in px of the drawing.
 *
 * @typedef {{ id: string, from: readonly string[], width: number, height: number, frames?: readonly string[] }} Node
 * inputs come first; `frames` are the open blocks around it, outermost first
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ from: string, to: string, path: string, top: number, bottom: number }} Edge `path` is
 * SVG path data
 * @typedef {Box & { id: string, depth: number }} Frame
 * @typedef {{ width: number, height: number, boxes: Map<string, Box>, edges: Edge[], frames: Frame[] }} Layout
 */

/** The gap between two rows, and how far into it leaving and arriving edges turn. */
const ROW_GAP = 22;
const LEAVES = 8;
const ARRIVES = 15;
/** The gap between two lanes. */
const LANE_GAP = 18;
/** Half the width of a lane that holds only an edge. */
const EDGE_HALF = 3;
const CORNER = 5;
const MARGIN = 14;
const FRAME_TITLE = 22;
const FRAME_PAD = 8;

/**
 * @typedef {object} Chain items one below the other, and the lane they run in
 * @property {number[]} nodes indices; none if the lane holds only skip connections
 * @property {number | undefined} fork the node that it leaves
 * @property {number} first row of the lane
 * @property {number} last row of the lane
 * @property {Chain[]} branches
 * @property {number} offset of the lane from that of the chain it leaves
 */

/**
 * @param {readonly Node[]} nodes
 * @returns {Layout}
 */
export function layOut(nodes) {
  if (nodes.length === 0) return { width: 0, height: 0, boxes: new Map(), edges: [], frames: [] };
  const graph = linked(nodes);
  const rows = rowsOf(graph);
  const { root, chainOf, trunks } = chainsOf(graph, rows);
  contour(root, nodes, rows);
  /** @type {Map<Chain, number>} */
  const lanes = new Map();
  settle(root, 0, lanes);
  const xs = nodes.map((_, node) => /** @type {number} */ (lanes.get(chainOf[node])));
  const frames = framesOf(nodes, rows);
  const bands = bandsOf(nodes, rows, frames);

  const boxes = nodes.map(({ width, height }, node) => {
    const { top, bottom } = bands[rows[node]];
    return { x: xs[node] - width / 2, y: (top + bottom - height) / 2, width, height };
  });
  const edges = nodes.flatMap((node, to) =>
    graph.inputs[to].map((from) => {
      const trunk = trunks.get(from);
      const lane = trunk && isSkip(from, to, rows, chainOf) ? lanes.get(trunk) : undefined;
      const route = { from, to, lane, rows, xs, bands, boxes, isLast: isLast(from, chainOf) };
      const path = routed(route);
      const { y, height } = boxes[from];
      return { from: nodes[from].id, to: node.id, path, top: y + height, bottom: boxes[to].y };
    }),
  );
  const drawn = frames.map((frame) => framed(frame, { nodes, boxes, bands, lanes, chainOf }));
  return placed(nodes, boxes, edges, drawn, [...lanes.values()], bands);
}

/** @param {readonly Node[]} nodes */
function linked(nodes) {
  const indices = new Map(nodes.map(({ id }, index) => [id, index]));
  const inputs = nodes.map(({ from }, index) =>
    from.flatMap((id) => {
      const source = indices.get(id);
      return source !== undefined && source < index ? [source] : [];
    }),
  );
  /** @type {number[][]} */
  const outputs = nodes.map(() => []);
  inputs.forEach((sources, node) => {
    for (const source of sources) outputs[source].push(node);
  });
  return { inputs, outputs };
}

/**
 * Each node's row: one below the lowest of its inputs.
 * @param {{ inputs: number[][] }} graph
 */
function rowsOf({ inputs }) {
  /** @type {number[]} */
  const rows = [];
  for (const sources of inputs) rows.push(Math.max(-1, ...sources.map((from) => rows[from])) + 1);
  return rows;
}

/**
 * Cuts the graph into chains. A node's chain continues with the reader that has the longest path
 * before it.
 * @param {{ inputs: number[][], outputs: number[][] }} graph
 * @param {number[]} rows
 */
function chainsOf({ inputs, outputs }, rows) {
  /** @type {number[]} */
  const ahead = rows.map(() => 0);
  for (let node = rows.length - 1; node >= 0; node--) {
    ahead[node] = Math.max(0, ...outputs[node].map((output) => ahead[output] + 1));
  }
  const next = outputs.map((candidates) =>
    candidates.reduce((best, node) => (best < 0 || ahead[node] > ahead[best] ? node : best), -1),
  );
  /** @type {Chain[]} */
  const chainOf = [];
  /** @type {Map<Chain, number>} */
  const ages = new Map();
  /**
   * @param {number[]} nodes
   * @param {number | undefined} fork
   * @param {number} last
   * @returns {Chain}
   */
  const chain = (nodes, fork, last) => {
    const first = fork === undefined ? last : rows[fork] + 1;
    const made = { nodes, fork, first, last, branches: [], offset: 0 };
    ages.set(made, ages.size);
    return made;
  };
  const age = (/** @type {number} */ node) => /** @type {number} */ (ages.get(chainOf[node]));
  /** @type {Chain | undefined} */
  let root;
  inputs.forEach((sources, node) => {
    const continued = sources
      .filter((source) => next[source] === node)
      .sort((a, b) => rows[b] - rows[a] || age(a) - age(b))[0];
    if (continued !== undefined) {
      chainOf[node] = chainOf[continued];
      chainOf[node].nodes.push(node);
      chainOf[node].last = rows[node];
      return;
    }
    const [fork] = [...sources].sort((a, b) => rows[b] - rows[a] || age(a) - age(b));
    chainOf[node] = chain([node], fork, rows[node]);
    const from = fork === undefined ? root : chainOf[fork];
    if (from) from.branches.push(chainOf[node]);
    else root = chainOf[node];
  });

  /** @type {Map<number, Chain>} lanes of skip connections by the node they leave */
  const trunks = new Map();
  inputs.forEach((sources, node) => {
    for (const source of sources) {
      if (chainOf[source] !== chainOf[node] && isLast(source, chainOf)) {
        chainOf[source].last = Math.max(chainOf[source].last, rows[node] - 1);
      }
      if (!isSkip(source, node, rows, chainOf)) continue;
      const trunk = trunks.get(source) ?? chain([], source, 0);
      trunk.last = Math.max(trunk.last, rows[node] - 1);
      if (!trunks.has(source)) chainOf[source].branches.push(trunk);
      trunks.set(source, trunk);
    }
  });
  return { root: /** @type {Chain} */ (root), chainOf, trunks };
}

/**
 * @param {number} node
 * @param {Chain[]} chainOf
 */
function isLast(node, chainOf) {
  return chainOf[node].nodes.at(-1) === node;
}

/**
 * Whether an edge needs a lane of its own: it passes rows, beside nodes of the chain it leaves.
 * @param {number} from
 * @param {number} to
 * @param {number[]} rows
 * @param {Chain[]} chainOf
 */
function isSkip(from, to, rows, chainOf) {
  const { nodes } = chainOf[from];
  if (isLast(from, chainOf) || rows[to] === rows[from] + 1) return false;
  const isFork = chainOf[to].nodes[0] === to && chainOf[to].fork === from;
  return nodes[nodes.indexOf(from) + 1] !== to && !isFork;
}

/**
 * Places the branches of a chain beside it, each as close as the nodes already placed allow.
 * @param {Chain} chain
 * @param {readonly Node[]} nodes
 * @param {number[]} rows
 * @returns {{ left: Map<number, number>, right: Map<number, number> }} how far it reaches in each
 *   row
 */
function contour(chain, nodes, rows) {
  /** @type {Map<number, number>} */
  const right = new Map();
  for (let row = chain.first; row <= chain.last; row++) right.set(row, EDGE_HALF);
  for (const node of chain.nodes) right.set(rows[node], nodes[node].width / 2);
  const left = new Map([...right].map(([row, half]) => [row, -half]));

  const byLength = [...chain.branches].sort((a, b) => a.last - a.first - (b.last - b.first));
  for (const branch of byLength) {
    const own = contour(branch, nodes, rows);
    let toRight = 0;
    let toLeft = 0;
    for (const [row, edge] of own.left) {
      toRight = Math.max(toRight, (right.get(row) ?? -Infinity) + LANE_GAP - edge);
      toLeft = Math.min(
        toLeft,
        (left.get(row) ?? Infinity) - LANE_GAP - /** @type {number} */ (own.right.get(row)),
      );
    }
    branch.offset = toRight <= -toLeft ? toRight : toLeft;
    for (const [row, edge] of own.right) {
      right.set(row, Math.max(right.get(row) ?? -Infinity, edge + branch.offset));
    }
    for (const [row, edge] of own.left) {
      left.set(row, Math.min(left.get(row) ?? Infinity, edge + branch.offset));
    }
  }
  return { left, right };
}

/**
 * @param {Chain} chain
 * @param {number} lane
 * @param {Map<Chain, number>} lanes
 */
function settle(chain, lane, lanes) {
  lanes.set(chain, lane);
  for (const branch of chain.branches) settle(branch, lane + branch.offset, lanes);
}

/**
 * The open blocks with their nodes and rows.
 * @param {readonly Node[]} nodes
 * @param {number[]} rows
 */
function framesOf(nodes, rows) {
  /** @type {Map<string, { id: string, depth: number, nodes: number[], first: number, last: number }>} */
  const frames = new Map();
  nodes.forEach(({ frames: ids = [] }, node) => {
    ids.forEach((id, depth) => {
      const frame = frames.get(id) ?? { id, depth, nodes: [], first: rows[node], last: rows[node] };
      frame.nodes.push(node);
      frame.first = Math.min(frame.first, rows[node]);
      frame.last = Math.max(frame.last, rows[node]);
      frames.set(id, frame);
    });
  });
  return [...frames.values()];
}

/**
 * Top and bottom of each row, with room for the frames that begin and end there.
 * @param {readonly Node[]} nodes
 * @param {number[]} rows
 * @param {ReturnType<typeof framesOf>} frames
 */
function bandsOf(nodes, rows, frames) {
  const count = Math.max(...rows) + 1;
  const heights = new Array(count).fill(0);
  nodes.forEach(({ height }, node) => {
    heights[rows[node]] = Math.max(heights[rows[node]], height);
  });
  /** @type {Set<number>[]} */
  const begin = Array.from({ length: count }, () => new Set());
  /** @type {Set<number>[]} */
  const end = Array.from({ length: count }, () => new Set());
  for (const { first, last, depth } of frames) {
    begin[first].add(depth);
    end[last].add(depth);
  }
  let y = 0;
  return heights.map((height, row) => {
    const top = y + FRAME_TITLE * begin[row].size;
    const bottom = top + height;
    y = bottom + FRAME_PAD * end[row].size + ROW_GAP;
    return { top, bottom, begin: begin[row], end: end[row] };
  });
}

/** @typedef {ReturnType<typeof bandsOf>} Bands */

/**
 * @param {ReturnType<typeof framesOf>[number]} frame
 * @param {{ nodes: readonly Node[], boxes: Box[], bands: Bands, lanes: Map<Chain, number>, chainOf: Chain[] }} drawing
 * @returns {Frame}
 */
function framed(
  { id, depth, nodes: inside, first, last },
  { nodes, boxes, bands, lanes, chainOf },
) {
  const within = new Set(inside.map((node) => chainOf[node]));
  // Lanes that leave and return inside a block belong to its frame.
  for (const chain of [...within]) {
    for (const branch of chain.branches) {
      if (branch.first >= first && branch.last < last) within.add(branch);
    }
  }
  const axes = [...within]
    .filter((chain) => chain.nodes.length === 0)
    .map((chain) => /** @type {number} */ (lanes.get(chain)));
  const deeper = Math.max(
    0,
    ...inside.map((node) => (nodes[node].frames?.length ?? 0) - depth - 1),
  );
  const pad = FRAME_PAD * (deeper + 1);
  const left = Math.min(...inside.map((node) => boxes[node].x), ...axes) - pad;
  const right = Math.max(...inside.map((node) => boxes[node].x + boxes[node].width), ...axes) + pad;
  const above = [...bands[first].begin].filter((other) => other >= depth).length;
  const below = [...bands[last].end].filter((other) => other >= depth).length;
  const top = bands[first].top - FRAME_TITLE * above;
  const bottom = bands[last].bottom + FRAME_PAD * below;
  return { id, depth, x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * The path of an edge: down, across, down its lane, across, down.
 * @param {{ from: number, to: number, lane: number | undefined, rows: number[], xs: number[],
 *   bands: Bands, boxes: Box[], isLast: boolean }} route
 */
function routed({ from, to, lane, rows, xs, bands, boxes, isLast: ownLane }) {
  const start = boxes[from].y + boxes[from].height;
  const end = boxes[to].y;
  const leave = bands[rows[from]].bottom + FRAME_PAD * bands[rows[from]].end.size + LEAVES;
  const above = bands[rows[to] - 1];
  const arrive = above.bottom + FRAME_PAD * above.end.size + ARRIVES;
  const [x, goal] = [xs[from], xs[to]];
  if (lane !== undefined) return rounded(x, start, [leave, lane, arrive, goal, end]);
  if (x === goal) return `M${x} ${start}V${end}`;
  return rounded(x, start, [ownLane ? arrive : leave, goal, end]);
}

/**
 * A path of right-angled turns with rounded corners that never goes up.
 * @param {number} x
 * @param {number} y
 * @param {number[]} turns alternating y and x, ending with a y
 */
function rounded(x, y, turns) {
  let path = `M${x} ${y}`;
  let at = x;
  for (let index = 0; index + 1 < turns.length; index += 2) {
    const [down, across] = [turns[index], turns[index + 1]];
    if (across === at) continue;
    const turn = Math.sign(across - at) * Math.min(CORNER, Math.abs(across - at) / 2);
    const radius = Math.abs(turn);
    path += `V${down - radius}Q${at} ${down} ${at + turn} ${down}`;
    path += `H${across - turn}Q${across} ${down} ${across} ${down + radius}`;
    at = across;
  }
  return `${path}V${turns.at(-1)}`;
}

/**
 * Shifts everything so that the drawing starts at (0, 0) with a margin.
 * @param {readonly Node[]} nodes
 * @param {Box[]} boxes
 * @param {Edge[]} edges
 * @param {Frame[]} frames
 * @param {number[]} lanes
 * @param {Bands} bands
 * @returns {Layout}
 */
function placed(nodes, boxes, edges, frames, lanes, bands) {
  const shapes = [...boxes, ...frames];
  const left = Math.min(...shapes.map(({ x }) => x), ...lanes);
  const right = Math.max(...shapes.map(({ x, width }) => x + width), ...lanes);
  const bottom = Math.max(...shapes.map(({ y, height }) => y + height), bands[0].bottom);
  const [dx, dy] = [MARGIN - left, MARGIN];
  const moved = (/** @type {Box} */ box) => ({ ...box, x: box.x + dx, y: box.y + dy });
  return {
    width: right - left + 2 * MARGIN,
    height: bottom + 2 * MARGIN,
    boxes: new Map(nodes.map(({ id }, node) => [id, moved(boxes[node])])),
    edges: edges.map((edge) => ({
      ...edge,
      path: shifted(edge.path, dx, dy),
      top: edge.top + dy,
      bottom: edge.bottom + dy,
    })),
    frames: frames.map((frame) => ({ ...frame, ...moved(frame) })),
  };
}

/**
 * @param {string} path of the commands M, V, H and Q
 * @param {number} dx
 * @param {number} dy
 */
function shifted(path, dx, dy) {
  return path.replace(/([MVHQ])([^MVHQ]*)/g, (_all, command, numbers) => {
    const values = numbers.trim().split(" ").map(Number);
    const add = (/** @type {number} */ value, /** @type {number} */ index) =>
      round(value + (command === "V" || (command !== "H" && index % 2 === 1) ? dy : dx));
    return command + values.map(add).join(" ");
  });
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
