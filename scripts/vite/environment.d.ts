/** Whether the code is built into the single file. */
declare const __SINGLE_FILE__: boolean;

declare module "*?script" {
  /** The module with all it imports, as the text of a classic script. */
  const source: string;
  export default source;
}
