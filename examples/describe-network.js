// What a published network is made of: `node examples/describe-network.js vgg16`
import { architecture, describe, ready } from "../dist/npm/index.js";

await ready();
const { nodes, totals } = describe(architecture(process.argv[2] ?? "resnet18"));
for (const { id, op, shape, parameters, receptiveField } of nodes) {
  console.log(
    id.padEnd(28),
    op.padEnd(14),
    shape.join(" x ").padEnd(16),
    String(parameters).padStart(10),
    `sees ${receptiveField.size.join(" x ")}`,
  );
}
console.log(`${totals.layers} layers, ${totals.parameters} parameters`);
