//! The transform matrices of minimal filtering, for four tiles at once.

use crate::compute::simd::F32x4;

/// One axis of F(m, r) with m + r - 1 = `IN`: the parts that depend only on the interpolation
/// points.
pub(super) trait Points<const IN: usize> {
    /// The points except for the last, infinity, each with the divisor of its row of G.
    const FINITE: &[(f64, f64)];

    /// Bᵀ d.
    fn input(values: [F32x4; IN]) -> [F32x4; IN];

    /// The column of G for `cell` of a kernel of `size` cells.
    fn kernel(cell: usize, size: usize) -> [f64; IN] {
        std::array::from_fn(|row| match Self::FINITE.get(row) {
            Some((point, divisor)) => point.powi(cell as i32) / divisor,
            None => f64::from(cell + 1 == size),
        })
    }
}

/// Aᵀ for `OUT` outputs.
pub(super) trait Outputs<const IN: usize, const OUT: usize>: Points<IN> {
    /// Aᵀ m.
    fn output(products: [F32x4; IN]) -> [F32x4; OUT];
}

/// 0, 1, -1 and infinity.
pub(super) struct FourPoints;

/// 0, 1, -1, 2, -2 and infinity.
pub(super) struct SixPoints;

impl Points<4> for FourPoints {
    const FINITE: &[(f64, f64)] = &[(0.0, 1.0), (1.0, 2.0), (-1.0, 2.0)];

    #[inline(always)]
    fn input([a, b, c, d]: [F32x4; 4]) -> [F32x4; 4] {
        [a.minus(c), b.plus(c), c.minus(b), b.minus(d)]
    }
}

impl Outputs<4, 2> for FourPoints {
    #[inline(always)]
    fn output([a, b, c, d]: [F32x4; 4]) -> [F32x4; 2] {
        [a.plus(b).plus(c), b.minus(c).minus(d)]
    }
}

impl Points<6> for SixPoints {
    const FINITE: &[(f64, f64)] = &[
        (0.0, 4.0),
        (1.0, -6.0),
        (-1.0, -6.0),
        (2.0, 24.0),
        (-2.0, 24.0),
    ];

    #[inline(always)]
    fn input([a, b, c, d, e, f]: [F32x4; 6]) -> [F32x4; 6] {
        let [two, four, five] = [2.0, 4.0, 5.0].map(F32x4::constant);
        let (even, odd) = (e.minus(four.times(c)), d.minus(four.times(b)));
        let (outer, inner) = (e.minus(c), two.times(d.minus(b)));
        [
            four.times(a).minus(five.times(c)).plus(e),
            even.plus(odd),
            even.minus(odd),
            outer.plus(inner),
            outer.minus(inner),
            four.times(b).minus(five.times(d)).plus(f),
        ]
    }
}

impl Outputs<6, 4> for SixPoints {
    #[inline(always)]
    fn output([a, b, c, d, e, f]: [F32x4; 6]) -> [F32x4; 4] {
        let [two, four, eight] = [2.0, 4.0, 8.0].map(F32x4::constant);
        let (near_sum, near_difference) = (b.plus(c), b.minus(c));
        let (far_sum, far_difference) = (d.plus(e), d.minus(e));
        [
            a.plus(near_sum).plus(far_sum),
            near_difference.plus(two.times(far_difference)),
            near_sum.plus(four.times(far_sum)),
            near_difference.plus(eight.times(far_difference)).plus(f),
        ]
    }
}

impl Outputs<6, 3> for SixPoints {
    #[inline(always)]
    fn output([a, b, c, d, e, f]: [F32x4; 6]) -> [F32x4; 3] {
        let [two, four] = [2.0, 4.0].map(F32x4::constant);
        let (near_sum, far_sum) = (b.plus(c), d.plus(e));
        [
            a.plus(near_sum).plus(far_sum),
            b.minus(c).plus(two.times(d.minus(e))),
            near_sum.plus(four.times(far_sum)).plus(f),
        ]
    }
}

impl Outputs<6, 2> for SixPoints {
    #[inline(always)]
    fn output([a, b, c, d, e, f]: [F32x4; 6]) -> [F32x4; 2] {
        let two = F32x4::constant(2.0);
        [
            a.plus(b.plus(c)).plus(d.plus(e)),
            b.minus(c).plus(two.times(d.minus(e))).plus(f),
        ]
    }
}
