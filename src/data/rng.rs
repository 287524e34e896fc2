//! Seeded random numbers: a seed gives the same bits in native code and in WebAssembly.

use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;

/// A seeded generator, the only source of randomness in the crate.
///
/// It uses only integer arithmetic, `+ - * /` and `sqrt`, which IEEE 754 defines to the last bit,
/// but not the standard library's logarithm, which differs between platforms.
///
/// # Source
/// PCG XSH RR 64/32: O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
/// Algorithms for Random Number Generation", HMC-CS-2014-0905.
#[derive(Clone, Debug)]
pub struct Rng(Pcg32);

impl Rng {
    /// A generator that is fully determined by `seed`; neighbouring seeds give unrelated sequences.
    pub fn new(seed: u64) -> Self {
        Rng(Pcg32::seed_from_u64(seed))
    }

    /// A uniform number in [0, 1): a multiple of 2⁻⁵³, all equally likely.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.0.next_u64() >> 11) as f64 * STEP
    }

    /// Goes on as if `count` calls of [`Rng::uniform`] had been made.
    pub(crate) fn skip(&mut self, count: u64) {
        // Each takes two numbers of 32 bits.
        self.0.advance(count.wrapping_mul(2));
    }

    /// A number from the standard normal distribution: mean 0, variance 1.
    ///
    /// # Source
    /// The polar method: Marsaglia and Bray, "A Convenient Method for Generating Normal Variables",
    /// SIAM Review 6(3), 1964. Its second number is discarded, so the generator needs no extra
    /// state.
    pub fn normal(&mut self) -> f64 {
        loop {
            let x = 2.0 * self.uniform() - 1.0;
            let y = 2.0 * self.uniform() - 1.0;
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }

    /// Fills `to` with the numbers that as many calls of [`Rng::normal`] would give, in half their
    /// time: first the points in the disc, none more than is needed, then the logarithms, in a loop
    /// that the compiler vectorises.
    pub fn normals(&mut self, to: &mut [f64]) {
        let mut squares = [0.0; 256];
        for to in to.chunks_mut(squares.len()) {
            let squares = &mut squares[..to.len()];
            self.points(to, squares);
            for (x, &square) in to.iter_mut().zip(&*squares) {
                *x *= (-2.0 * ln(square) / square).sqrt();
            }
        }
    }

    /// The points in the unit disc: `x` of each and its squared distance from the middle.
    fn points(&mut self, to: &mut [f64], squares: &mut [f64]) {
        let mut found = 0;
        while found < to.len() {
            // A try finds one point at most, so the last of them finds the last point.
            let missing = to.len() - found;
            for _ in 0..missing {
                let x = 2.0 * self.uniform() - 1.0;
                let y = 2.0 * self.uniform() - 1.0;
                let square = x * x + y * y;
                (to[found], squares[found]) = (x, square);
                found += usize::from(square > 0.0 && square < 1.0);
            }
        }
    }
}

/// The natural logarithm of a positive normal number, with the same bits on every platform.
///
/// With x = m · 2ᵉ and m between √½ and √2, ln x = e · ln 2 + 2 artanh((m − 1) / (m + 1)); the
/// series of artanh then gains more than 1.5 digits per term.
#[inline(always)]
fn ln(x: f64) -> f64 {
    const FRACTION_BITS: u32 = 52;
    const TERMS: u32 = 11;
    /// 2⁵², whose fraction holds a whole number: so the exponent becomes one without a conversion,
    /// for which two lanes have no instruction.
    const WHOLE: u64 = (1023 + 52) << FRACTION_BITS;
    let bits = x.to_bits();
    let biased = f64::from_bits(bits >> FRACTION_BITS | WHOLE) - f64::from_bits(WHOLE);
    let mantissa = f64::from_bits((bits & ((1 << FRACTION_BITS) - 1)) | (1023 << FRACTION_BITS));
    let (exponent, mantissa) = match mantissa > std::f64::consts::SQRT_2 {
        true => (biased - 1022.0, mantissa / 2.0),
        false => (biased - 1023.0, mantissa),
    };
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let series = (0..TERMS).rev().fold(0.0, |sum, term| {
        sum * ratio * ratio + 1.0 / f64::from(2 * term + 1)
    });
    exponent * std::f64::consts::LN_2 + 2.0 * ratio * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_sequence() {
        let (mut a, mut b, mut c) = (Rng::new(7), Rng::new(7), Rng::new(8));
        for _ in 0..100 {
            let x = a.uniform();
            assert_eq!(x, b.uniform());
            assert_ne!(x, c.uniform());
        }
    }

    #[test]
    fn skipped_numbers_are_those_that_would_have_come() {
        for count in [0, 1, 2, 77] {
            let (mut skipping, mut drawing) = (Rng::new(9), Rng::new(9));
            skipping.skip(count);
            (0..count).for_each(|_| {
                drawing.uniform();
            });
            assert_eq!(skipping.uniform(), drawing.uniform());
        }
    }

    /// The uniforms match a PCG written from the paper. The normals match it to 15 digits, and
    /// WebAssembly gave the same bits.
    #[test]
    fn the_numbers_of_a_seed_never_change() {
        let mut rng = Rng::new(0);
        let uniforms = [rng.uniform(), rng.uniform(), rng.uniform()].map(f64::to_bits);
        let normals = [rng.normal(), rng.normal(), rng.normal()].map(f64::to_bits);
        assert_eq!(
            uniforms,
            [
                0x3fef_9087_fae2_39bb,
                0x3fcf_7d57_9f0a_0418,
                0x3fd8_17bb_214f_cd4e
            ]
        );
        assert_eq!(
            normals,
            [
                0x3fff_79eb_c6d3_77d8,
                0xbfdd_3fc1_7287_1abf,
                0xbfd1_a691_a0ad_5d77
            ]
        );
    }

    #[test]
    fn many_normals_are_those_of_single_calls_and_leave_the_same_state() {
        for len in [0, 1, 2, 255, 256, 257, 1000] {
            let (mut one, mut other) = (Rng::new(9), Rng::new(9));
            let mut together = vec![0.0; len];
            one.normals(&mut together);
            let alone = (0..len).map(|_| other.normal()).collect::<Vec<_>>();
            assert_eq!(together, alone);
            assert_eq!(one.uniform(), other.uniform());
        }
    }

    #[test]
    fn uniform_has_the_moments_of_the_unit_interval() {
        let mut rng = Rng::new(1);
        let values: Vec<f64> = (0..100_000).map(|_| rng.uniform()).collect();
        assert!(values.iter().all(|x| (0.0..1.0).contains(x)));
        assert!((moment(&values, 1) - 1.0 / 2.0).abs() < 0.005);
        assert!((moment(&values, 2) - 1.0 / 3.0).abs() < 0.005);
    }

    #[test]
    fn normal_has_the_moments_and_the_tails_of_the_standard_normal() {
        let mut rng = Rng::new(1);
        let values: Vec<f64> = (0..200_000).map(|_| rng.normal()).collect();
        assert!(moment(&values, 1).abs() < 0.01);
        assert!((moment(&values, 2) - 1.0).abs() < 0.02);
        assert!(moment(&values, 3).abs() < 0.04);
        assert!((moment(&values, 4) - 3.0).abs() < 0.1);
        let beyond = |limit: f64| {
            values.iter().filter(|x| x.abs() > limit).count() as f64 / values.len() as f64
        };
        assert!((beyond(1.0) - 0.317_31).abs() < 0.005);
        assert!((beyond(2.0) - 0.045_50).abs() < 0.002);
        assert!((beyond(3.0) - 0.002_70).abs() < 0.000_5);
    }

    #[test]
    fn ln_agrees_with_the_standard_library_to_a_few_bits() {
        let mut rng = Rng::new(3);
        let powers = (-104..=4).map(|exponent| 2.0_f64.powi(exponent));
        let near_one = [1.0 - f64::EPSILON, 1.0, 1.0 + f64::EPSILON, 0.999, 1.001];
        let random = (0..10_000).map(|_| rng.uniform().max(f64::MIN_POSITIVE));
        for x in powers.chain(near_one).chain(random) {
            let (got, expected) = (ln(x), x.ln());
            assert!(
                (got - expected).abs() <= 4.0 * f64::EPSILON * expected.abs(),
                "ln({x}) = {got}, not {expected}"
            );
        }
    }

    fn moment(values: &[f64], power: i32) -> f64 {
        values.iter().map(|x| x.powi(power)).sum::<f64>() / values.len() as f64
    }
}
