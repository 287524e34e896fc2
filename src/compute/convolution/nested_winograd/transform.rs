//! The matrices of F(4, 4), for four tiles at once.

use crate::compute::simd::F32x4;

/// Inputs of a tile along each axis.
pub(super) const IN: usize = 7;
/// Outputs of a tile, and cells of a kernel block, along each axis.
pub(super) const OUT: usize = 4;

/// G, the transform of four kernel cells, with the points 0, 1, -1, 1/2, -1/2, 2 and infinity.
pub(super) const KERNEL: [[f64; OUT]; IN] = [
    [-2.0, 0.0, 0.0, 0.0],
    [-2.0 / 3.0, -2.0 / 3.0, -2.0 / 3.0, -2.0 / 3.0],
    [-2.0 / 9.0, 2.0 / 9.0, -2.0 / 9.0, 2.0 / 9.0],
    [8.0 / 9.0, 4.0 / 9.0, 2.0 / 9.0, 1.0 / 9.0],
    [8.0 / 15.0, -4.0 / 15.0, 2.0 / 15.0, -1.0 / 15.0],
    [2.0 / 45.0, 4.0 / 45.0, 8.0 / 45.0, 16.0 / 45.0],
    [0.0, 0.0, 0.0, 1.0],
];

/// Bᵀ d.
#[inline(always)]
pub(super) fn input([a, b, c, d, e, f, g]: [F32x4; IN]) -> [F32x4; IN] {
    let [quarter, more] = [0.25, 1.25].map(F32x4::constant);
    // The polynomials of all points except 2 have the factor x - 2.
    let without_two = |low: F32x4, high: F32x4| high.minus(low.plus(low));
    let (s, t) = (without_two(b, c), without_two(c, d));
    let (u, v) = (without_two(d, e), without_two(e, f));
    let quarter_s = quarter.times(s);
    let (even, odd) = (v.minus(quarter.times(t)), u.minus(quarter_s));
    let (far_even, far_odd) = (v.minus(t), u.minus(s));
    let far_even = far_even.plus(far_even);
    [
        even.minus(t).plus(quarter.times(without_two(a, b))),
        even.plus(odd),
        even.minus(odd),
        far_even.plus(far_odd),
        far_even.minus(far_odd),
        f.minus(more.times(d)).plus(quarter.times(b)),
        without_two(f, g).minus(more.times(u)).plus(quarter_s),
    ]
}

/// Aᵀ m.
#[inline(always)]
pub(super) fn output([a, b, c, d, e, f, g]: [F32x4; IN]) -> [F32x4; OUT] {
    let [half, quarter, eighth] = [0.5, 0.25, 0.125].map(F32x4::constant);
    let (near_sum, near_difference) = (b.plus(c), b.minus(c));
    let (far_sum, far_difference) = (d.plus(e), d.minus(e));
    let twice = f.plus(f);
    let fourfold = twice.plus(twice);
    [
        a.plus(near_sum).plus(far_sum).plus(f),
        near_difference.plus(half.times(far_difference)).plus(twice),
        near_sum.plus(quarter.times(far_sum)).plus(fourfold),
        (near_difference.plus(eighth.times(far_difference)))
            .plus(fourfold.plus(fourfold))
            .plus(g),
    ]
}
