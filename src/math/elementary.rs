//! Elementary functions that give the same bits on every platform.
//!
//! The standard library's `exp`, `ln`, `tanh`, ... are those of the platform, and differ in the
//! last digit between native code and WebAssembly. The functions here are computed in `f64` by the
//! `libm` crate (a port of musl's, in plain IEEE 754 arithmetic) and then rounded to `F`, so an
//! `f32` result is correctly rounded except in rare ties. `sqrt` is not needed here: IEEE 754
//! defines its bits.

use crate::math::real::Real;

/// eˣ.
pub fn exp<F: Real>(x: F) -> F {
    F::of(libm::exp(x.as_f64()))
}

/// eˣ − 1, accurate near 0.
pub fn exp_m1<F: Real>(x: F) -> F {
    F::of(libm::expm1(x.as_f64()))
}

/// The natural logarithm; NaN below 0.
pub fn ln<F: Real>(x: F) -> F {
    F::of(libm::log(x.as_f64()))
}

/// ln(1 + x), accurate near 0.
pub fn ln_1p<F: Real>(x: F) -> F {
    F::of(libm::log1p(x.as_f64()))
}

/// The hyperbolic tangent.
pub fn tanh<F: Real>(x: F) -> F {
    F::of(libm::tanh(x.as_f64()))
}

/// `base` to the power `exponent`; NaN for a negative base and a fractional exponent.
pub fn pow<F: Real>(base: F, exponent: F) -> F {
    F::of(libm::pow(base.as_f64(), exponent.as_f64()))
}

/// The cosine of `x` radians.
pub fn cos<F: Real>(x: F) -> F {
    F::of(libm::cos(x.as_f64()))
}

/// The complementary error function, 1 − erf(x), accurate where erf(x) is near 1.
pub fn erfc<F: Real>(x: F) -> F {
    F::of(libm::erfc(x.as_f64()))
}

/// The logistic function 1 / (1 + e⁻ˣ).
pub fn sigmoid<F: Real>(x: F) -> F {
    F::of(1.0 / (1.0 + libm::exp(-x.as_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_function_takes_its_known_values() {
        let close =
            |got: f64, expected: f64| (got - expected).abs() <= 4.0 * f64::EPSILON * expected.abs();
        assert!(close(exp(1.0), std::f64::consts::E));
        assert!(close(exp_m1(1e-20), 1e-20));
        assert!(close(ln(10.0), std::f64::consts::LN_10));
        assert!(close(ln_1p(1e-20), 1e-20));
        assert!(close(tanh(0.5), 0.462_117_157_260_009_76));
        assert!(close(pow(2.0, 0.5), std::f64::consts::SQRT_2));
        assert!(close(cos(std::f64::consts::FRAC_PI_3), 0.5));
        assert!(close(erfc(1.0), 0.157_299_207_050_285_13));
        assert!(close(sigmoid(1.0), 0.731_058_578_630_004_9));
        assert!(close(sigmoid(-800.0), 0.0) && close(sigmoid(800.0), 1.0));
    }

    /// WebAssembly must give the same bits; they are within one unit in the last place of glibc's.
    #[test]
    fn the_bits_of_a_result_never_change() {
        let bits = [
            exp(0.7),
            ln(0.7),
            tanh(0.7),
            pow(0.7, 0.3),
            erfc(0.7),
            sigmoid(0.7),
        ]
        .map(f64::to_bits);
        assert_eq!(
            bits,
            [
                0x4000_1c2a_6126_8987,
                0xbfd6_d3c3_24e1_3f50,
                0x3fe3_56fb_17af_2e90,
                0x3fec_c0b4_3ba5_c3da,
                0x3fd4_9ee7_bdd1_d374,
                0x3fe5_61cb_52a1_9476,
            ]
        );
    }

    #[test]
    fn nan_stays_nan() {
        for function in [exp, exp_m1, ln, ln_1p, tanh, cos, erfc, sigmoid] {
            assert!(function(f32::NAN).is_nan());
        }
    }
}
