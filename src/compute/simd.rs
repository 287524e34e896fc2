//! Four `f32` in one register: wasm's `v128`, or an array that the compiler vectorises elsewhere.
//!
//! A product and a sum are rounded one after the other, never fused, so that every platform gives
//! the same bits.

#![allow(unsafe_code, reason = "wasm's vector loads and stores take pointers")]

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use std::arch::wasm32::{f32x4_add, f32x4_mul, v128, v128_load, v128_load32_splat, v128_store};

    /// Four numbers.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x4(v128);

    impl F32x4 {
        #[inline(always)]
        pub fn splat(value: &f32) -> Self {
            // SAFETY: a reference to f32 is valid for the 4 bytes read; any alignment will do.
            F32x4(unsafe { v128_load32_splat(std::ptr::from_ref(value).cast()) })
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

        /// self + left · right, rounded twice.
        #[inline(always)]
        pub fn add_product(self, left: Self, right: Self) -> Self {
            F32x4(f32x4_add(self.0, f32x4_mul(left.0, right.0)))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    /// Four numbers.
    #[derive(Clone, Copy)]
    pub(crate) struct F32x4([f32; 4]);

    impl F32x4 {
        #[inline(always)]
        pub fn splat(value: &f32) -> Self {
            F32x4([*value; 4])
        }

        #[inline(always)]
        pub fn load(values: &[f32; 4]) -> Self {
            F32x4(*values)
        }

        #[inline(always)]
        pub fn store(self, values: &mut [f32; 4]) {
            *values = self.0;
        }

        /// self + left · right, rounded twice.
        #[inline(always)]
        pub fn add_product(self, left: Self, right: Self) -> Self {
            F32x4(std::array::from_fn(|lane| {
                self.0[lane] + left.0[lane] * right.0[lane]
            }))
        }
    }
}

pub(crate) use lanes::F32x4;
