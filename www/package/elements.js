/** The element classes, unregistered: importing them has no side effect. */
export { KernelLabElement } from "../elements/kernel-lab.js";
export { PoolingLabElement } from "../elements/pooling-lab.js";
export { ReceptiveFieldLabElement } from "../elements/receptive-field-lab.js";
export { setLanguage } from "../i18n/index.js";
