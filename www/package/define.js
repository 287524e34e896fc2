/** Registers the elements, such as `<cnn-kernel-lab>`. */
import "../elements/define-kernel-lab.js";
import "../elements/define-pooling-lab.js";
import "../elements/define-receptive-field-lab.js";
