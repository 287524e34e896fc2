/** Registers `<cnn-pooling-lab>` and what it is made of. */
import { PixelInspectorElement } from "./pixel-inspector.js";
import { PoolingLabElement } from "./pooling-lab.js";
import { register } from "./register.js";
import { ShiftPadElement } from "./shift-pad.js";
import { widgets } from "./widgets.js";

register({
  ...widgets,
  "cnn-pixel-inspector": PixelInspectorElement,
  "cnn-pooling-lab": PoolingLabElement,
  "cnn-shift-pad": ShiftPadElement,
});
