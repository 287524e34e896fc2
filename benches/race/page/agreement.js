/**
 * Who is wrong, by comparing all outputs with each other: those that do not belong to the largest set
 * that agrees with one of them. When no two agree, all are wrong.
 *
 * @param {{ name: string, output: ArrayLike<number> }[]} results
 * @param {number} tolerance  largest difference, as a share of the largest magnitude
 * @returns {{ wrong: Map<string, string>, error: number }}  what is wrong with each, and the
 *   largest difference among the others
 */
export function agreement(results, tolerance) {
  const differences = results.map(() => results.map(() => 0));
  for (const [one, { output }] of results.entries()) {
    // Where all agree with the first, no other pair needs a look.
    const isSettled = one === 1 && differences[0].every((value) => value <= tolerance);
    if (isSettled) return { wrong: new Map(), error: Math.max(...differences[0]) };
    for (let other = one; other < results.length; other++) {
      const value = difference(output, results[other].output);
      differences[one][other] = value;
      differences[other][one] = value;
    }
  }
  const friends = differences.map((row) => row.filter((value) => value <= tolerance).length);
  const most = Math.max(...friends);
  const judge = most > 1 ? friends.indexOf(most) : -1;
  const wrong = new Map();
  let error = 0;
  for (const [index, { name }] of results.entries()) {
    if (judge < 0) {
      wrong.set(name, "no other output agrees");
      continue;
    }
    const value = differences[judge][index];
    if (value <= tolerance) error = Math.max(error, value);
    else wrong.set(name, `wrong output, off by ${value.toPrecision(2)} of the largest value`);
  }
  return { wrong, error };
}

/**
 * The largest difference as a share of the largest magnitude of both; infinite when lengths differ,
 * a value is not finite or all are 0.
 *
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
function difference(a, b) {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let apart = 0;
  for (let index = 0; index < a.length; index++) {
    const distance = Math.abs(a[index] - b[index]);
    if (!(distance < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    apart = Math.max(apart, distance);
    largest = Math.max(largest, Math.abs(a[index]), Math.abs(b[index]));
  }
  return largest > 0 ? apart / largest : Number.POSITIVE_INFINITY;
}
