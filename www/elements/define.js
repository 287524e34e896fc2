/** Registers every element of the project; the only module of elements with a side effect. */
import { CodeSnippetElement } from "./code-snippet.js";
import { ColorLegendElement } from "./color-legend.js";
import { DrawingPadElement } from "./drawing-pad.js";
import { FeatureMapElement } from "./feature-map.js";
import { KernelBrushElement } from "./kernel-brush.js";
import { KernelGridElement } from "./kernel-grid.js";
import { KernelLabElement } from "./kernel-lab.js";
import { KernelToolsElement } from "./kernel-tools.js";
import { LayerEditorElement } from "./layer-editor.js";
import { LayerGraphElement } from "./layer-graph.js";
import { LayerTableElement } from "./layer-table.js";
import { NumberStepperElement } from "./number-stepper.js";
import { PicturePickerElement } from "./picture-picker.js";
import { PixelInspectorElement } from "./pixel-inspector.js";
import { PresetGalleryElement } from "./preset-gallery.js";
import { SegmentedControlElement } from "./segmented-control.js";
import { SizeFormulaElement } from "./size-formula.js";
import { SlideScrubberElement } from "./slide-scrubber.js";
import { ValueGridElement } from "./value-grid.js";

/** Constructors by tag. */
const ELEMENTS = {
  "cnn-code-snippet": CodeSnippetElement,
  "cnn-color-legend": ColorLegendElement,
  "cnn-drawing-pad": DrawingPadElement,
  "cnn-feature-map": FeatureMapElement,
  "cnn-kernel-brush": KernelBrushElement,
  "cnn-kernel-grid": KernelGridElement,
  "cnn-kernel-lab": KernelLabElement,
  "cnn-kernel-tools": KernelToolsElement,
  "cnn-layer-editor": LayerEditorElement,
  "cnn-layer-graph": LayerGraphElement,
  "cnn-layer-table": LayerTableElement,
  "cnn-number-stepper": NumberStepperElement,
  "cnn-picture-picker": PicturePickerElement,
  "cnn-pixel-inspector": PixelInspectorElement,
  "cnn-preset-gallery": PresetGalleryElement,
  "cnn-segmented-control": SegmentedControlElement,
  "cnn-size-formula": SizeFormulaElement,
  "cnn-slide-scrubber": SlideScrubberElement,
  "cnn-value-grid": ValueGridElement,
};

// A page may hold two copies of this package; the first one to come registers.
for (const [tag, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
