/**
 * A picture so small that its numbers fit into its cells: a cat's face in zeros and ones.
 */
const ROWS = [
  "010000000010",
  "011000000110",
  "011111111110",
  "011111111110",
  "110111110111",
  "110011110011",
  "111111111111",
  "011110011110",
  "111111111111",
  "011011101110",
  "001100011100",
  "000111111000",
];

export function smallPicture() {
  const width = ROWS[0].length;
  const data = new Uint8ClampedArray(4 * width * ROWS.length).fill(255);
  [...ROWS.join("")].forEach((bit, pixel) => {
    data.fill(255 * Number(bit), 4 * pixel, 4 * pixel + 3);
  });
  return new ImageData(data, width, ROWS.length);
}
