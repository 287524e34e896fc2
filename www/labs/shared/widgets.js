/** Widgets that several labs use, by tag. */
import { CodeSnippetElement } from "../../widgets/base/code-snippet.js";
import { SegmentedControlElement } from "../../widgets/base/segmented-control.js";
import { ColorLegendElement } from "../../widgets/map/color-legend.js";
import { FeatureMapElement } from "../../widgets/map/feature-map.js";
import { NumberStepperElement } from "../../widgets/numbers/number-stepper.js";
import { SizeFormulaElement } from "../../widgets/numbers/size-formula.js";
import { ValueGridElement } from "../../widgets/numbers/value-grid.js";
import { DrawingPadElement } from "../../widgets/picture/drawing-pad.js";
import { PicturePickerElement } from "../../widgets/picture/picture-picker.js";

export const widgets = {
  "cnn-code-snippet": CodeSnippetElement,
  "cnn-color-legend": ColorLegendElement,
  "cnn-drawing-pad": DrawingPadElement,
  "cnn-feature-map": FeatureMapElement,
  "cnn-number-stepper": NumberStepperElement,
  "cnn-picture-picker": PicturePickerElement,
  "cnn-segmented-control": SegmentedControlElement,
  "cnn-size-formula": SizeFormulaElement,
  "cnn-value-grid": ValueGridElement,
};
