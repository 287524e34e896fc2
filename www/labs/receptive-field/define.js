/** Registers `<cnn-receptive-field-lab>` and the elements it uses. */
import { register } from "../../widgets/base/register.js";
import { LineChartElement } from "../../widgets/chart/line-chart.js";
import { LayerGraphElement } from "../../widgets/layer-graph/layer-graph.js";
import { LayerTableElement } from "../../widgets/table/layer-table.js";
import { widgets } from "../shared/widgets.js";
import { ReceptiveFieldLabElement } from "./element.js";
import { FieldGrowthElement } from "./widgets/field-growth.js";

register({
  ...widgets,
  "cnn-field-growth": FieldGrowthElement,
  "cnn-layer-graph": LayerGraphElement,
  "cnn-layer-table": LayerTableElement,
  "cnn-line-chart": LineChartElement,
  "cnn-receptive-field-lab": ReceptiveFieldLabElement,
});
