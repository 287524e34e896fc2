//! Four `f32` lanes: wasm's `v128`, or on other targets an array that the compiler vectorises.
//!
//! Products and sums are rounded separately, never fused, so that every platform gives the same
//! bits.

#![allow(unsafe_code, reason = "wasm's vector loads and stores take pointers")]

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use std::arch::wasm32::{
        f32x4_add, f32x4_div, f32x4_gt, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sub,
        i32x4_shuffle, v128, v128_bitselect, v128_load, v128_load32_splat, v128_store,
    };

    /// Four `f32` lanes.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x4(v128);

    impl F32x4 {
        #[inline(always)]
        pub fn splat(value: &f32) -> Self {
            // SAFETY: a reference to f32 is valid for the 4 bytes read; any alignment will do.
            F32x4(unsafe { v128_load32_splat(std::ptr::from_ref(value).cast()) })
        }

        #[inline(always)]
        pub fn constant(value: f32) -> Self {
            F32x4(f32x4_splat(value))
        }

        #[inline(always)]
        pub fn load(values: &[f32; 4]) -> Self {
            // SAFETY: the reference is valid for the 16 bytes read; any alignment will do.
            F32x4(unsafe { v128_load(values.as_ptr().cast()) })
        }

        #[inline(always)]
        pub fn store(self, values: &mut [f32; 4]) {
            // SAFETY: the reference is valid for the 16 bytes written; any alignment will do.
            unsafe { v128_store(values.as_mut_ptr().cast(), self.0) }
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            F32x4(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            F32x4(f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn times(self, other: Self) -> Self {
            F32x4(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub fn over(self, divisor: Self) -> Self {
            F32x4(f32x4_div(self.0, divisor.0))
        }

        /// Lane by lane, `other` where it is greater and `self` elsewhere, so NaN in `self` stays.
        #[inline(always)]
        pub fn or_greater(self, other: Self) -> Self {
            F32x4(f32x4_pmax(self.0, other.0))
        }

        /// Lane by lane, `then` where `left` is greater than `right` and `otherwise` elsewhere.
        #[inline(always)]
        pub fn where_greater([left, right]: [Self; 2], [then, otherwise]: [Self; 2]) -> Self {
            F32x4(v128_bitselect(
                then.0,
                otherwise.0,
                f32x4_gt(left.0, right.0),
            ))
        }

        /// Lane by lane, `other` where it is less and `self` elsewhere, so NaN in `self` stays.
        #[inline(always)]
        pub fn or_less(self, other: Self) -> Self {
            F32x4(f32x4_pmin(self.0, other.0))
        }

        /// Lanes 0 and 2 of `self`, then of `next`.
        #[inline(always)]
        pub fn evens(self, next: Self) -> Self {
            F32x4(i32x4_shuffle::<0, 2, 4, 6>(self.0, next.0))
        }

        /// Lanes 1 and 3 of `self`, then of `next`.
        #[inline(always)]
        pub fn odds(self, next: Self) -> Self {
            F32x4(i32x4_shuffle::<1, 3, 5, 7>(self.0, next.0))
        }

        /// The last `count` lanes of `before`, then the first lanes of `self`.
        #[inline(always)]
        pub fn after(self, before: Self, count: usize) -> Self {
            match count {
                0 => self,
                1 => F32x4(i32x4_shuffle::<3, 4, 5, 6>(before.0, self.0)),
                2 => F32x4(i32x4_shuffle::<2, 3, 4, 5>(before.0, self.0)),
                3 => F32x4(i32x4_shuffle::<1, 2, 3, 4>(before.0, self.0)),
                _ => before,
            }
        }

        /// Lanes 1 to 3 of `self`, then lane 3 of `next`.
        #[inline(always)]
        pub fn shifted_left(self, next: Self) -> Self {
            F32x4(i32x4_shuffle::<1, 2, 3, 7>(self.0, next.0))
        }

        /// Transposes the 4x4 matrix with these rows.
        #[inline(always)]
        pub fn transposed([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            let left = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
            let right = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
            let lower_left = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
            let lower_right = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
            [
                F32x4(i32x4_shuffle::<0, 1, 4, 5>(left, lower_left)),
                F32x4(i32x4_shuffle::<2, 3, 6, 7>(left, lower_left)),
                F32x4(i32x4_shuffle::<0, 1, 4, 5>(right, lower_right)),
                F32x4(i32x4_shuffle::<2, 3, 6, 7>(right, lower_right)),
            ]
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use std::array::from_fn;

    /// Four `f32` lanes.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x4([f32; 4]);

    impl F32x4 {
        #[inline(always)]
        pub fn splat(value: &f32) -> Self {
            F32x4([*value; 4])
        }

        #[inline(always)]
        pub fn constant(value: f32) -> Self {
            F32x4([value; 4])
        }

        #[inline(always)]
        pub fn load(values: &[f32; 4]) -> Self {
            F32x4(*values)
        }

        #[inline(always)]
        pub fn store(self, values: &mut [f32; 4]) {
            *values = self.0;
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            F32x4(from_fn(|lane| self.0[lane] + other.0[lane]))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            F32x4(from_fn(|lane| self.0[lane] - other.0[lane]))
        }

        #[inline(always)]
        pub fn times(self, other: Self) -> Self {
            F32x4(from_fn(|lane| self.0[lane] * other.0[lane]))
        }

        #[inline(always)]
        pub fn over(self, divisor: Self) -> Self {
            F32x4(from_fn(|lane| self.0[lane] / divisor.0[lane]))
        }

        /// Lane by lane, `other` where it is greater and `self` elsewhere, so NaN in `self` stays.
        #[inline(always)]
        pub fn or_greater(self, other: Self) -> Self {
            let greater = |lane| match self.0[lane] < other.0[lane] {
                true => other.0[lane],
                false => self.0[lane],
            };
            F32x4(from_fn(greater))
        }

        /// Lane by lane, `then` where `left` is greater than `right` and `otherwise` elsewhere.
        #[inline(always)]
        pub fn where_greater([left, right]: [Self; 2], [then, otherwise]: [Self; 2]) -> Self {
            F32x4(from_fn(|lane| match left.0[lane] > right.0[lane] {
                true => then.0[lane],
                false => otherwise.0[lane],
            }))
        }

        /// Lane by lane, `other` where it is less and `self` elsewhere, so NaN in `self` stays.
        #[inline(always)]
        pub fn or_less(self, other: Self) -> Self {
            let less = |lane| match other.0[lane] < self.0[lane] {
                true => other.0[lane],
                false => self.0[lane],
            };
            F32x4(from_fn(less))
        }

        /// Lanes 0 and 2 of `self`, then of `next`.
        #[inline(always)]
        pub fn evens(self, next: Self) -> Self {
            F32x4([self.0[0], self.0[2], next.0[0], next.0[2]])
        }

        /// Lanes 1 and 3 of `self`, then of `next`.
        #[inline(always)]
        pub fn odds(self, next: Self) -> Self {
            F32x4([self.0[1], self.0[3], next.0[1], next.0[3]])
        }

        /// The last `count` lanes of `before`, then the first lanes of `self`.
        #[inline(always)]
        pub fn after(self, before: Self, count: usize) -> Self {
            let both = before.0.into_iter().chain(self.0);
            let mut numbers = both.skip(4 - count);
            F32x4(from_fn(|_| numbers.next().unwrap_or_default()))
        }

        /// Lanes 1 to 3 of `self`, then lane 3 of `next`.
        #[inline(always)]
        pub fn shifted_left(self, next: Self) -> Self {
            F32x4([self.0[1], self.0[2], self.0[3], next.0[3]])
        }

        /// Transposes the 4x4 matrix with these rows.
        #[inline(always)]
        pub fn transposed(rows: [Self; 4]) -> [Self; 4] {
            from_fn(|col| F32x4(from_fn(|row: usize| rows[row].0[col])))
        }
    }
}

pub(crate) use lanes::F32x4;

impl F32x4 {
    /// self + left · right, rounded twice.
    #[inline(always)]
    pub fn add_product(self, left: Self, right: Self) -> Self {
        self.plus(left.times(right))
    }

    /// The four lanes.
    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut values = [0.0; 4];
        self.store(&mut values);
        values
    }

    /// Loads four values starting at index `at`.
    ///
    /// # Safety
    /// `at + 4` must not exceed the number of values.
    #[inline(always)]
    pub unsafe fn read_unchecked(values: &[f32], at: usize) -> Self {
        debug_assert!(at + 4 <= values.len());
        // SAFETY: the caller guarantees that four values are there.
        Self::load(unsafe { &*values.as_ptr().add(at).cast() })
    }

    /// Stores the four lanes starting at index `at`.
    ///
    /// # Safety
    /// `at + 4` must not exceed the number of values.
    #[inline(always)]
    pub unsafe fn write_unchecked(self, values: &mut [f32], at: usize) {
        debug_assert!(at + 4 <= values.len());
        // SAFETY: the caller guarantees that four values are there.
        self.store(unsafe { &mut *values.as_mut_ptr().add(at).cast() });
    }
}

/// Copies as many values as both slices have, four at a time: on short rows this is faster than the
/// function call that a copy of unknown length compiles to.
#[inline(always)]
pub(crate) fn copy(from: &[f32], to: &mut [f32]) {
    let len = from.len().min(to.len());
    let (from, to) = (&from[..len], &mut to[..len]);
    if len < 4 {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
        return;
    }
    let last = len - 4;
    let mut at = 0;
    while at < last {
        // SAFETY: `at` is below `len - 4`.
        unsafe { F32x4::read_unchecked(from, at).write_unchecked(to, at) };
        at += 4;
    }
    // SAFETY: `last + 4` is `len`. The last four values may overlap the ones before.
    unsafe { F32x4::read_unchecked(from, last).write_unchecked(to, last) };
}

/// Fills the slice with `value`, four at a time.
#[inline(always)]
pub(crate) fn fill(values: &mut [f32], value: f32) {
    let len = values.len();
    if len < 4 {
        for to in values {
            *to = value;
        }
        return;
    }
    let value = F32x4::constant(value);
    let mut at = 0;
    while at < len - 4 {
        // SAFETY: `at` is below `len - 4`.
        unsafe { value.write_unchecked(values, at) };
        at += 4;
    }
    // SAFETY: these are the last four values; they may overlap the ones before.
    unsafe { value.write_unchecked(values, len - 4) };
}

/// Copies the values at even indices to `even` and those at odd indices to `odd`, as many as fit.
#[inline(always)]
pub(crate) fn split_pairs(values: &[f32], even: &mut [f32], odd: &mut [f32]) {
    let pairs = (values.len() / 2).min(even.len()).min(odd.len());
    let mut split = |pair: usize| {
        // SAFETY: below, `pair + 4` is at most `pairs`.
        unsafe {
            let [first, second] = [0, 4].map(|half| F32x4::read_unchecked(values, 2 * pair + half));
            first.evens(second).write_unchecked(even, pair);
            first.odds(second).write_unchecked(odd, pair);
        }
    };
    if pairs >= 4 {
        let mut pair = 0;
        while pair < pairs - 4 {
            split(pair);
            pair += 4;
        }
        // The last four may overlap the ones before.
        split(pairs - 4);
    } else {
        for pair in 0..pairs {
            (even[pair], odd[pair]) = (values[2 * pair], values[2 * pair + 1]);
        }
    }
    for idx in pairs..values.len().div_ceil(2).min(even.len()) {
        even[idx] = values[2 * idx];
    }
    for idx in pairs..(values.len() / 2).min(odd.len()) {
        odd[idx] = values[2 * idx + 1];
    }
}
