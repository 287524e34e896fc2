//! Characters: one minus, one kind of space, one line end, plain quotes and slashes.

/// `text` in the characters of a keyboard, as far as its characters have one meaning.
pub(crate) fn respelled(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        match c {
            '\r' if next == Some('\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => spelled.push('\n'),
            '\n' | '\t' => spelled.push(c),
            // Dropped between two digits it would make one number of two.
            _ if is_invisible(c) => {
                let joins = |c: char| c.is_alphanumeric();
                if spelled.ends_with(joins) && next.is_some_and(joins) {
                    spelled.push(c);
                }
            }
            _ if c.is_whitespace() => spelled.push(' '),
            _ => match vulgar_fraction(c) {
                // 2½ is neither 21/2 nor two numbers.
                Some(_) if spelled.ends_with(is_digit) || next.is_some_and(is_digit) => {
                    spelled.push(c);
                }
                Some(fraction) => spelled.push_str(fraction),
                None => spelled.push(plain(c)),
            },
        }
    }
    spelled
}

fn is_digit(c: char) -> bool {
    c.is_numeric() || c == '.'
}

/// Characters that only direct how the text is set.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}')
}

/// The character of a keyboard that `c` stands for.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '─' | '━' => '-',
        '×' | '·' | '∙' | '⋅' | '∗' => '*',
        '÷' | '⁄' | '∕' => '/',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '‚' => '\'',
        '⎡' | '⎢' | '⎣' | '⎤' | '⎥' | '⎦' | '⎛' | '⎜' | '⎝' | '⎞' | '⎟' | '⎠' | '│' | '┃' => {
            '|'
        }
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
        '═' => '=',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn vulgar_fraction(c: char) -> Option<&'static str> {
    Some(match c {
        '½' => "1/2",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅕' => "1/5",
        '⅖' => "2/5",
        '⅗' => "3/5",
        '⅘' => "4/5",
        '⅙' => "1/6",
        '⅚' => "5/6",
        '⅐' => "1/7",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        '⅑' => "1/9",
        '⅒' => "1/10",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_gets_its_plain_spelling() {
        for (text, expected) in [
            (
                "\u{feff}\u{2212}1 \u{2013}2 \u{2012}3 \u{ff0d}4",
                "-1 -2 -3 -4",
            ),
            (
                "1\r\n2\r3\u{b}4\u{c}5\u{85}6\u{2028}7\u{2029}8\n9",
                "1\n2\n3\n4\n5\n6\n7\n8\n9",
            ),
            ("1\u{a0}2\u{202f}3\u{3000}4\t5", "1 2 3 4\t5"),
            ("\u{200b}-\u{200b}1\u{200b}", "-1"),
            ("1\u{200b}2", "1\u{200b}2"),
            ("½ -⅑,⅒", "1/2 -1/9,1/10"),
            ("2½ ½2", "2½ ½2"),
            ("1⁄9 × 2 · 3 ÷ 4", "1/9 * 2 * 3 / 4"),
            ("“1” ‘2’", "\"1\" '2'"),
            ("［１，２］", "[1,2]"),
            ("⎡1⎤", "|1|"),
        ] {
            assert_eq!(respelled(text), expected, "{text:?}");
        }
    }
}
