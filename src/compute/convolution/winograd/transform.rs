//! The matrices of minimal filtering, for four tiles at once.

use crate::compute::simd::F32x4;

/// One axis of F(OUT, 3), with the points 0, 1, -1, (2, -2,) and infinity.
pub(super) trait Transform<const IN: usize, const OUT: usize> {
    /// G, the transform of a kernel's three cells.
    const KERNEL: [[f64; 3]; IN];

    /// Bᵀ d.
    fn input(values: [F32x4; IN]) -> [F32x4; IN];

    /// Aᵀ m.
    fn output(products: [F32x4; IN]) -> [F32x4; OUT];
}

/// F(2, 3).
pub(super) struct Two;

/// F(4, 3).
pub(super) struct Four;

impl Transform<4, 2> for Two {
    const KERNEL: [[f64; 3]; 4] = [
        [1.0, 0.0, 0.0],
        [0.5, 0.5, 0.5],
        [0.5, -0.5, 0.5],
        [0.0, 0.0, 1.0],
    ];

    #[inline(always)]
    fn input([a, b, c, d]: [F32x4; 4]) -> [F32x4; 4] {
        [a.minus(c), b.plus(c), c.minus(b), b.minus(d)]
    }

    #[inline(always)]
    fn output([a, b, c, d]: [F32x4; 4]) -> [F32x4; 2] {
        [a.plus(b).plus(c), b.minus(c).minus(d)]
    }
}

impl Transform<6, 4> for Four {
    const KERNEL: [[f64; 3]; 6] = [
        [1.0 / 4.0, 0.0, 0.0],
        [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
        [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
        [0.0, 0.0, 1.0],
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
