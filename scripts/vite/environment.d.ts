declare module "*?script" {
  /** The module with all it imports, as the text of a classic script. */
  const source: string;
  export default source;
}
