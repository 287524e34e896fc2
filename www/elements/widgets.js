/** The widgets that several labs use, by tag. */
import { CodeSnippetElement } from "./code-snippet.js";
import { ColorLegendElement } from "./color-legend.js";
import { DrawingPadElement } from "./drawing-pad.js";
import { FeatureMapElement } from "./feature-map.js";
import { NumberStepperElement } from "./number-stepper.js";
import { PicturePickerElement } from "./picture-picker.js";
import { SegmentedControlElement } from "./segmented-control.js";
import { SizeFormulaElement } from "./size-formula.js";
import { ValueGridElement } from "./value-grid.js";

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
