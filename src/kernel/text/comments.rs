//! What stands beside the numbers of a matrix and means nothing: comments, prompts, imports.

/// `text` without comments, fences, imports and prompts, continued lines joined.
///
/// A mark that may mean something else stays, and is refused by whoever meets it: `#N/A`, `10 %`,
/// Python's `// 9`.
pub(super) fn removed(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.split('\n') {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("import ") {
            continue;
        }
        let line = start.strip_prefix(">>> ").unwrap_or(line);
        let line = without_comment(line).trim_end();
        // NumPy writes ... for numbers that it leaves out, so the line must plainly go on.
        let continued = line.strip_suffix("...").map(str::trim_end);
        match continued.filter(|line| line.ends_with([',', ';', '[', '=', '*'])) {
            Some(continued) => plain.extend([continued, " "]),
            None => plain.extend([line, "\n"]),
        }
    }
    plain
}

fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    let last_letter = line.rfind(char::is_alphabetic).unwrap_or(0);
    for (index, c) in line.char_indices() {
        let rest = &line[index..];
        let is_mark = rest.starts_with("# ") || c == '%' || rest.starts_with("//");
        if is_mark && index < last_letter && (before.is_whitespace() || ",;[]{".contains(before)) {
            return &line[..index];
        }
        before = c;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_marks_that_may_mean_something_else_stay() {
        for (text, expected) in [
            ("# Sobel\n1 0 # first", "\n1 0\n"),
            ("1 0 % first\n{1, // one\n2}", "1 0\n{1,\n2}\n"),
            ("10 %\n#N/A 1\n[1] // 9", "10 %\n#N/A 1\n[1] // 9\n"),
            ("[1 0; ...\n 0 1]", "[1 0;  0 1]\n"),
            ("[[1]\n ...\n [2]]", "[[1]\n ...\n [2]]\n"),
            (">>> [1]\n```\nimport numpy as np", "[1]\n"),
        ] {
            assert_eq!(removed(text), expected, "{text:?}");
        }
    }
}
