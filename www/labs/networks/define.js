/** Registers `<cnn-networks-lab>` and the elements it uses. */
import { register } from "../../widgets/base/register.js";
import { SegmentedControlElement } from "../../widgets/base/segmented-control.js";
import { ColorLegendElement } from "../../widgets/map/color-legend.js";
import { PictureCanvasElement } from "../../widgets/map/picture-canvas.js";
import { NumberStepperElement } from "../../widgets/numbers/number-stepper.js";
import { DrawingPadElement } from "../../widgets/picture/drawing-pad.js";
import { PicturePickerElement } from "../../widgets/picture/picture-picker.js";
import { NetworksLabElement } from "./element.js";
import { ContactSheetElement } from "./widgets/contact-sheet.js";
import { SpotPictureElement } from "./widgets/spot-picture.js";

register({
  "cnn-color-legend": ColorLegendElement,
  "cnn-contact-sheet": ContactSheetElement,
  "cnn-drawing-pad": DrawingPadElement,
  "cnn-networks-lab": NetworksLabElement,
  "cnn-number-stepper": NumberStepperElement,
  "cnn-picture-canvas": PictureCanvasElement,
  "cnn-picture-picker": PicturePickerElement,
  "cnn-segmented-control": SegmentedControlElement,
  "cnn-spot-picture": SpotPictureElement,
});
