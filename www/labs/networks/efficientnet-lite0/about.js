/** The file of weights as scripts/make-network-weights.py wrote it. */

/** Its length. */
export const BYTES = 4_785_064;

export const SHA256 = "44f24005df062c839ea24ea29d85f2db86f518769b29f4c59e1016287461e5c4";
