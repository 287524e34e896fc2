/** Registers `<cnn-receptive-field-lab>` and what it is made of. */
import { FieldGrowthElement } from "./field-growth.js";
import { LayerEditorElement } from "./layer-editor.js";
import { LayerGraphElement } from "./layer-graph.js";
import { LayerTableElement } from "./layer-table.js";
import { LineChartElement } from "./line-chart.js";
import { ReceptiveFieldLabElement } from "./receptive-field-lab.js";
import { register } from "./register.js";
import { widgets } from "./widgets.js";

register({
  ...widgets,
  "cnn-field-growth": FieldGrowthElement,
  "cnn-layer-editor": LayerEditorElement,
  "cnn-layer-graph": LayerGraphElement,
  "cnn-layer-table": LayerTableElement,
  "cnn-line-chart": LineChartElement,
  "cnn-receptive-field-lab": ReceptiveFieldLabElement,
});
