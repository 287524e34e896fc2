/** Registers `<cnn-pooling-lab>` and the elements it uses. */
import { register } from "../../widgets/base/register.js";
import { LineChartElement } from "../../widgets/chart/line-chart.js";
import { PixelInspectorElement } from "../../widgets/numbers/pixel-inspector.js";
import { widgets } from "../shared/widgets.js";
import { PoolingLabElement } from "./element.js";
import { ShiftPadElement } from "./widgets/shift-pad.js";

register({
  ...widgets,
  "cnn-line-chart": LineChartElement,
  "cnn-pixel-inspector": PixelInspectorElement,
  "cnn-pooling-lab": PoolingLabElement,
  "cnn-shift-pad": ShiftPadElement,
});
