/** So many numbers are drawn, a prime; more are these again. */
const DRAWN = 1_000_003;

/**
 * The same numbers at every run: Marsaglia's xorshift with 32 bits.
 *
 * @param {number} seed  other than 0
 */
export function random(seed) {
  let state = seed | 0;
  return {
    /**
     * @param {number} count
     * @param {number} low
     * @param {number} high
     */
    uniform(count, low, high) {
      const values = new Float32Array(count);
      const scale = (high - low) / 2 ** 32;
      const drawn = Math.min(count, DRAWN);
      for (let index = 0; index < drawn; index++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        values[index] = low + (state >>> 0) * scale;
      }
      for (let done = drawn; done < count; done *= 2) values.copyWithin(done, 0, done);
      return values;
    },
  };
}
