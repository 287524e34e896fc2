/** Registers `<cnn-pooling-lab>` and what it is made of. */
import { LineChartElement } from "./line-chart.js";
import { PixelInspectorElement } from "./pixel-inspector.js";
import { PoolingLabElement } from "./pooling-lab.js";
import { register } from "./register.js";
import { ShiftPadElement } from "./shift-pad.js";
import { widgets } from "./widgets.js";

register({
  ...widgets,
  "cnn-line-chart": LineChartElement,
  "cnn-pixel-inspector": PixelInspectorElement,
  "cnn-pooling-lab": PoolingLabElement,
  "cnn-shift-pad": ShiftPadElement,
});
