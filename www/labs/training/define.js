/** Registers `<cnn-training-lab>` and the elements it uses. */

import { register } from "../../widgets/base/register.js";
import { SegmentedControlElement } from "../../widgets/base/segmented-control.js";
import { ColorLegendElement } from "../../widgets/map/color-legend.js";
import { PictureCanvasElement } from "../../widgets/map/picture-canvas.js";
import { NumberStepperElement } from "../../widgets/numbers/number-stepper.js";
import { DrawingPadElement } from "../../widgets/picture/drawing-pad.js";
import { TrainingLabElement } from "./element.js";
import { RaceChartElement } from "./widgets/race-chart.js";

register({
  "cnn-color-legend": ColorLegendElement,
  "cnn-drawing-pad": DrawingPadElement,
  "cnn-number-stepper": NumberStepperElement,
  "cnn-picture-canvas": PictureCanvasElement,
  "cnn-race-chart": RaceChartElement,
  "cnn-segmented-control": SegmentedControlElement,
  "cnn-training-lab": TrainingLabElement,
});
