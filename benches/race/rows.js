/**
 * The rows of the race, as plain data: what is computed, in whose group it counts.
 *
 * A row of a network is raced on that network's spec, so that an operator is a network of one layer.
 */

/**
 * @typedef {"filters" | "conv3x3" | "conv" | "depthwise" | "pooling" | "small" | "nets" | "training"
 *   | "gemm" | "start"} Group
 * @typedef {object} Row
 * @property {Group} group
 * @property {string} name
 * @property {"network" | "training" | "gemm" | "start"} kind
 * @property {string} [architecture]  a published network of the product, in place of `spec`
 * @property {NetworkSpec} [spec]
 * @property {boolean} [shared]  whether all channels have one kernel, as an image filter has
 * @property {number} [batch]  examples of a training step
 * @property {number} [target]  the least ratio that this row is to reach; 1 unless given
 *
 * @typedef {import("../../www/pkg/operators.js").NetworkSpec} NetworkSpec
 * @typedef {import("../../www/pkg/operators.js").LayerSpec} LayerSpec
 */

/** @type {Record<Group, string>} */
export const GROUPS = {
  filters: "Image filters, f32, zeros at the border",
  conv3x3: "3x3 convolutions, stride 1: VGG-16 and AlexNet",
  conv: "1x1, 5x5, 7x7 and 11x11 convolutions: ResNet-50 and AlexNet",
  depthwise: "Depthwise convolutions of MobileNet v2",
  pooling: "Pooling",
  small: "Small pictures and few channels",
  nets: "Whole networks, one example of 224x224",
  training: "Training steps, batch 32: forward, backward, Adam",
  gemm: "Matrix products against the machine's simd128 peak",
  start: "From navigation to the first convolution shown",
};

/** @returns {Row[]} */
export function rows() {
  return [
    ...filters(),
    ...convolutions(),
    ...depthwise(),
    ...pooling(),
    ...small(),
    ...nets(),
    ...training(),
    ...gemm(),
    { group: "start", name: "first convolution", kind: "start" },
  ];
}

function filters() {
  const pictures = [
    [512, 512],
    [1920, 1080],
  ];
  return pictures.flatMap(([width, height]) =>
    [1, 3].flatMap((channels) =>
      [3, 5, 7, 15].map((kernel) => {
        const name = `${kernel}x${kernel} on ${width}x${height} ${channels === 1 ? "grey" : "RGB"}`;
        const row = oneLayer("filters", name, [channels, height, width], {
          ...conv(channels, kernel, 1),
          groups: channels,
        });
        return { ...row, shared: true };
      }),
    ),
  );
}

function convolutions() {
  /** @type {[string, number, number, number][]} */
  const vgg = [
    ["conv1_1", 3, 64, 224],
    ["conv1_2", 64, 64, 224],
    ["conv2_1", 64, 128, 112],
    ["conv2_2", 128, 128, 112],
    ["conv3_1", 128, 256, 56],
    ["conv3_2", 256, 256, 56],
    ["conv4_1", 256, 512, 28],
    ["conv4_2", 512, 512, 28],
    ["conv5", 512, 512, 14],
  ];
  /** @type {[string, number, number, number, number, number, number?][]} */
  const alexnet = [
    ["conv1", 3, 64, 224, 11, 4, 2],
    ["conv2", 64, 192, 27, 5, 1],
    ["conv3", 192, 384, 13, 3, 1],
    ["conv4", 384, 256, 13, 3, 1],
    ["conv5", 256, 256, 13, 3, 1],
  ];
  /** @type {[number, number, number, number][]} */
  const pointwise = [
    [64, 64, 56, 1],
    [64, 256, 56, 1],
    [256, 64, 56, 1],
    [256, 128, 56, 1],
    [256, 512, 56, 2],
    [128, 512, 28, 1],
    [512, 128, 28, 1],
    [512, 256, 28, 1],
    [512, 1024, 28, 2],
    [256, 1024, 14, 1],
    [1024, 256, 14, 1],
    [1024, 512, 14, 1],
    [1024, 2048, 14, 2],
    [512, 2048, 7, 1],
    [2048, 512, 7, 1],
  ];
  return [
    ...vgg.map(([name, from, to, side]) => convolution(`VGG ${name}`, from, to, side, 3, 1)),
    ...alexnet.map(([name, ...numbers]) => convolution(`AlexNet ${name}`, ...numbers)),
    convolution("ResNet conv1", 3, 64, 224, 7, 2),
    ...pointwise.map(([from, to, side, stride]) =>
      convolution("ResNet", from, to, side, 1, stride),
    ),
  ];
}

function depthwise() {
  const layers = [
    [32, 112, 1],
    [96, 112, 2],
    [144, 56, 1],
    [144, 56, 2],
    [192, 28, 1],
    [192, 28, 2],
    [384, 14, 1],
    [576, 14, 1],
    [576, 14, 2],
    [960, 7, 1],
  ];
  return layers.map(([channels, side, stride]) =>
    oneLayer("depthwise", `${channels} ${window(3, stride)} @${side}`, [channels, side, side], {
      ...conv(channels, 3, stride),
      groups: channels,
    }),
  );
}

function pooling() {
  /** @type {["max" | "average", number, number, number, number, number][]} */
  const pools = [
    ["max", 64, 224, 2, 2, 0],
    ["max", 512, 14, 2, 2, 0],
    ["max", 64, 112, 3, 2, 1],
    ["max", 64, 55, 3, 2, 0],
    ["average", 64, 224, 2, 2, 0],
    ["average", 128, 56, 2, 2, 0],
    ["average", 64, 112, 3, 2, 0],
  ];
  const global = oneLayer("pooling", "global average 2048 @7", [2048, 7, 7], {
    id: "pool",
    op: "globalPool2d",
    kind: "average",
  });
  return [
    ...pools.map(([kind, channels, side, size, stride, padding]) =>
      oneLayer(
        "pooling",
        `${kind} ${channels} ${window(size, stride)} @${side}`,
        [channels, side, side],
        { id: "pool", op: "pool2d", kind, size, stride, padding },
      ),
    ),
    global,
  ];
}

function small() {
  return [
    convolution("", 1, 1, 28, 3, 1),
    convolution("", 1, 8, 28, 3, 1),
    convolution("", 8, 16, 14, 3, 1),
    convolution("LeNet", 1, 6, 28, 5, 1),
    convolution("RGB", 3, 1, 256, 3, 1),
    convolution("RGB", 3, 16, 256, 3, 1),
  ].map((row) => ({ ...row, group: /** @type {const} */ ("small") }));
}

/** @returns {Row[]} */
function nets() {
  /** @type {[string, string, number][]} */
  const published = [
    ["AlexNet", "alexnet", 1.3],
    ["VGG-16", "vgg16", 2.3],
    ["ResNet-18", "resnet18", 1.8],
    ["ResNet-50", "resnet50", 1.3],
    ["SqueezeNet 1.1", "squeezenet1_1", 1.3],
    ["MobileNet v2", "mobilenet_v2", 1.2],
  ];
  return published.map(([name, architecture, target]) => ({
    group: "nets",
    kind: "network",
    name,
    architecture,
    target,
  }));
}

/** @returns {Row[]} */
function training() {
  const lenet = network(
    [1, 28, 28],
    [
      ...convRelu("conv1", 6, 5, 2),
      halved("pool1"),
      ...convRelu("conv2", 16, 5, 0),
      halved("pool2"),
      { id: "flatten", op: "flatten" },
      ...denseRelu("dense1", 120),
      ...denseRelu("dense2", 84),
      { id: "logits", op: "dense", features: 10 },
    ],
  );
  const vgg = network(
    [3, 32, 32],
    [
      ...[16, 32, 64].flatMap((channels, block) => [
        ...convRelu(`conv${block + 1}_1`, channels, 3, 1),
        ...convRelu(`conv${block + 1}_2`, channels, 3, 1),
        halved(`pool${block + 1}`),
      ]),
      { id: "flatten", op: "flatten" },
      ...denseRelu("dense1", 128),
      { id: "logits", op: "dense", features: 10 },
    ],
  );
  const step = /** @type {const} */ ({
    group: "training",
    kind: "training",
    batch: 32,
    target: 20,
  });
  return [
    { ...step, name: "LeNet-5, 28x28x1", spec: lenet },
    { ...step, name: "small VGG, 32x32x3", spec: vgg },
  ];
}

/** @returns {Row[]} */
function gemm() {
  const products = [
    [512, 4608, 28],
    [256, 2304, 14],
    [64, 576, 56],
    [256, 256, 16],
  ];
  return products.map(([to, from, side]) => {
    const row = convolution("", from, to, side, 1, 1);
    return { ...row, group: "gemm", kind: "gemm", name: `${to} x ${from} x ${side * side}` };
  });
}

/**
 * @param {string} of  whose layer it is
 * @param {number} from  input channels
 * @param {number} to  output channels
 * @param {number} side  of the input, in pixels
 * @param {number} kernel
 * @param {number} stride
 * @param {number} [padding]  half the kernel unless given
 */
function convolution(of, from, to, side, kernel, stride, padding) {
  const name = `${of} ${from}>${to} ${window(kernel, stride)} @${side}`.trim();
  const group = kernel === 3 && stride === 1 ? "conv3x3" : "conv";
  return oneLayer(group, name, [from, side, side], conv(to, kernel, stride, padding));
}

/**
 * @param {number} channels
 * @param {number} kernel
 * @param {number} stride
 * @param {number} [padding]
 * @returns {LayerSpec & { op: "conv2d" }}
 */
function conv(channels, kernel, stride, padding = (kernel - 1) / 2) {
  return { id: "conv", op: "conv2d", channels, kernel, stride, padding, bias: false };
}

/**
 * @param {Group} group
 * @param {string} name
 * @param {number[]} shape
 * @param {LayerSpec} layer
 * @returns {Row}
 */
function oneLayer(group, name, shape, layer) {
  return { group, name, kind: "network", spec: network(shape, [layer]) };
}

/**
 * @param {number[]} shape
 * @param {LayerSpec[]} layers
 * @returns {NetworkSpec}
 */
function network([channels, height, width], layers) {
  return { input: { channels, height, width }, layers };
}

/**
 * @param {string} id
 * @param {number} channels
 * @param {number} kernel
 * @param {number} padding
 * @returns {LayerSpec[]}
 */
function convRelu(id, channels, kernel, padding) {
  return [{ id, op: "conv2d", channels, kernel, padding }, relu(id)];
}

/**
 * @param {string} id
 * @param {number} features
 * @returns {LayerSpec[]}
 */
function denseRelu(id, features) {
  return [{ id, op: "dense", features }, relu(id)];
}

/**
 * @param {string} of
 * @returns {LayerSpec}
 */
function relu(of) {
  return { id: `${of}_relu`, op: "activation", kind: "relu" };
}

/**
 * @param {string} id
 * @returns {LayerSpec}
 */
function halved(id) {
  return { id, op: "pool2d", kind: "max", size: 2 };
}

/**
 * @param {number} size
 * @param {number} stride
 */
function window(size, stride) {
  return `${size}x${size}${stride > 1 ? ` stride ${stride}` : ""}`;
}
