//! One spelling for signs, fractions and the spaces in them, before anything is read.

use super::characters::respelled;
use super::number::Fraction;

/// `text` with plain minus signs and with every fraction as `1/9`.
pub(super) fn normalised(text: &str) -> String {
    let text = respelled(text)
        .replace('$', " ")
        .replace(r"\dfrac", r"\frac")
        .replace(r"\tfrac", r"\frac");
    joined_fractions(&slashed_fractions(&text))
}

/// `\frac{1}{9}` becomes `1/9`; from the first fraction on that is none of two decimals all stays.
fn slashed_fractions(text: &str) -> String {
    let mut slashed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, over, under, after)) = next_fraction(rest) {
        // Spaces, lest 2\frac{1}{9} be read as 21/9.
        let space = if before.ends_with(['-', '+']) {
            ""
        } else {
            " "
        };
        slashed.extend([before, space, over, "/", under, " "]);
        rest = after;
    }
    slashed + rest
}

/// What stands before, over, under and after the first `\frac{..}{..}`.
fn next_fraction(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, fraction) = text.split_once(r"\frac")?;
    let (over, rest) = argument(fraction)?;
    let (under, after) = argument(rest)?;
    let (over, under) = (over.trim(), under.trim());
    let is_decimal = |text: &str| !text.contains('/') && Fraction::read(text).is_some();
    (is_decimal(over) && is_decimal(under)).then_some((before, over, under, after))
}

/// The next argument of a macro, in braces or a single digit, and what follows it.
fn argument(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('{') {
        Some(group) => group.split_once('}'),
        None if text.starts_with(|c: char| c.is_ascii_digit()) => Some(text.split_at(1)),
        None => None,
    }
}

/// `1 / 9` becomes `1/9`, so that spaces never stand inside a number.
fn joined_fractions(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for (index, part) in text.split('/').enumerate() {
        if index == 0 {
            joined.push_str(part);
        } else {
            joined.truncate(joined.trim_end_matches(' ').len());
            joined.push('/');
            joined.push_str(part.trim_start_matches(' '));
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_fractions_get_one_spelling() {
        for (text, expected) in [
            ("\u{feff}\u{2212}1 \u{2013}2", "-1 -2"),
            ("$1$", " 1 "),
            ("1 / 9", "1/9"),
            ("1 /  9 / 2", "1/9/2"),
            (r"-\frac{1}{9}", "-1/9 "),
            (r"2\dfrac{ 1 }{9}x", "2 1/9 x"),
            (r"\tfrac{1}{9}\frac{a}{9}", r" 1/9 \frac{a}{9}"),
            (r"\frac{1/2}{9}", r"\frac{1/2}{9}"),
            (r"\frac{1}", r"\frac{1}"),
        ] {
            assert_eq!(normalised(text), expected);
        }
    }
}
