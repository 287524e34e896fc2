//! Random matrices with orthonormal rows or columns.

use crate::data::rng::Rng;

/// `rows` x `cols` values in row-major order: orthonormal rows if there are at most as many as
/// columns, else orthonormal columns, drawn evenly from all such matrices.
///
/// # Source
/// Gram-Schmidt on normal vectors gives the even (Haar) distribution: Mezzadri, "How to Generate
/// Random Matrices from the Classical Compact Groups", 2007; each vector is projected twice, which
/// suffices for orthogonality to rounding: Giraud, Langou and Rozložník, "The loss of orthogonality
/// in the Gram-Schmidt orthogonalization process", 2005.
pub(crate) fn orthogonal(rows: usize, cols: usize, rng: &mut Rng) -> Vec<f64> {
    let (count, length) = (rows.min(cols), rows.max(cols));
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(count);
    for _ in 0..count {
        let mut vector: Vec<f64> = (0..length).map(|_| rng.normal()).collect();
        for _ in 0..2 {
            for earlier in &vectors {
                let along = dot(&vector, earlier);
                vector
                    .iter_mut()
                    .zip(earlier)
                    .for_each(|(value, part)| *value -= along * part);
            }
        }
        // Normal vectors depend on each other with probability 0, so the length is not 0.
        let norm = dot(&vector, &vector).sqrt();
        vector.iter_mut().for_each(|value| *value /= norm);
        vectors.push(vector);
    }
    if rows <= cols {
        vectors.concat()
    } else {
        let transposed = |idx: usize| vectors[idx % cols][idx / cols];
        (0..rows * cols).map(transposed).collect()
    }
}

/// Every eighth product is summed apart, which lets the processor work on all eight at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    rest + sums.iter().sum::<f64>()
}
