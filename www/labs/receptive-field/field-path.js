/**
 * How a receptive field grows through a network, from the engine's description.
 *
 * @import { FieldFormula, NetworkDescription, NodeDescription } from "./contract.js"
 *
 * @typedef {{ node: NodeDescription, formula: FieldFormula | null }} Step  one node of the path
 */

/**
 * The path from the input to a node along which the field is largest: at every merge it takes the
 * input with the largest field.
 * @param {NetworkDescription} description
 * @param {string} id
 * @param {0 | 1} axis  rows or columns
 * @returns {Step[]}  the input first
 */
export function fieldPath({ nodes }, id, axis) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path = [];
  for (let node = byId.get(id); node; ) {
    const formula = node.formula[axis];
    path.unshift({ node, formula });
    const inputs = node.from.map((name) => byId.get(name));
    node = formula ? byId.get(formula.from) : largest(inputs, axis);
  }
  return path;
}

/**
 * The steps at which the field or the stride changes.
 * @param {Step[]} path
 * @param {0 | 1} axis
 */
export function growthSteps(path, axis) {
  return path.filter(({ node }, index) => {
    const before = path[index - 1]?.node.receptiveField;
    if (!before) return false;
    const { size, stride } = node.receptiveField;
    return size[axis] !== before.size[axis] || stride[axis] !== before.stride[axis];
  });
}

/**
 * The node shown when none is selected: the last one with a position on the picture.
 * @param {NetworkDescription} description
 * @returns {string}
 */
export function usualNode({ nodes, lattices }) {
  return nodes[lattices.findLastIndex((lattice) => lattice !== null)]?.id ?? "";
}

/**
 * Multiply-adds of a node and of everything it depends on.
 * @param {NetworkDescription} description
 * @param {string} id
 */
export function multiplyAddsUpTo({ nodes }, id) {
  const needed = new Set([id]);
  let sum = 0;
  for (const node of [...nodes].reverse()) {
    if (!needed.has(node.id)) continue;
    for (const input of node.from) needed.add(input);
    sum += node.multiplyAdds ?? 0;
  }
  return sum;
}

/**
 * @param {(NodeDescription | undefined)[]} inputs
 * @param {0 | 1} axis
 */
function largest(inputs, axis) {
  return inputs.reduce((best, node) => {
    const size = node?.receptiveField.size[axis] ?? 0;
    return best && (best.receptiveField.size[axis] ?? 0) >= size ? best : node;
  }, undefined);
}
