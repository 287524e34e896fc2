//! Whole texts, read and refused.

use super::*;
use ndarray::array;
use proptest::prelude::*;
use std::time::{Duration, Instant};

#[track_caller]
fn reads(expected: &Kernel, texts: &[&str]) {
    for text in texts {
        assert_eq!(parse(text).as_ref(), Ok(expected), "{text:?}");
    }
}

#[track_caller]
fn refuses(text: &str, message: &str) {
    let error = parse(text).map(|kernel| format!("{kernel}")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("parseKernel: {message}"),
        "{text:?}"
    );
}

#[test]
fn nested_brackets_of_every_dialect_are_read() {
    reads(
        &array![[1.0, -2.0], [3.0, 4.5]],
        &[
            "[[1, -2], [3, 4.5]]",
            "[[1,-2],[3,4.5]]",
            " [ [1,-2,],\r\n   [3,4.5,], ] ",
            "np.array([[1, -2], [3, 4.5]])",
            "numpy.array( [[1, -2], [3, 4.5]], dtype=np.float32 )",
            "array([[ 1. , -2. ],\n       [ 3. ,  4.5]], dtype=float32)",
            "np.array([[1, -2], [3, 4.5]], np.float32)",
            "[[ 1.  -2. ]\n [ 3.   4.5]]",
            "k = np.array([\n    [1., -2.],\n    [3., 4.5],\n])",
            "torch.tensor([[[[1., -2.], [3., 4.5]]]])",
            "tensor([[[[ 1.0000, -2.0000],\n          [ 3.0000,  4.5000]]]], device='cuda:0')",
            "tensor([[1., -2.], [3., 4.5]], grad_fn=<MulBackward0>)",
            "Parameter containing:\ntensor([[[[1., -2.],\n [3., 4.5]]]], requires_grad=True)",
            "[[1, \u{2212}2], [3, 45e-1]]",
            "\u{feff}[[1,-2],[3,4.5]]",
        ],
    );
}

#[test]
fn matlab_is_read() {
    reads(
        &array![[1.0, -2.0], [3.0, 4.0]],
        &[
            "[1 -2; 3 4]",
            "[1, -2; 3, 4];",
            "K = [1 -2\n     3  4]",
            "[1 -2;\n 3 4;]",
            "[[1 -2]; [3 4]]",
            "[[1 -2; 3 4]]",
        ],
    );
}

#[test]
fn numbers_without_brackets_are_read() {
    reads(
        &array![[1.0, -2.0, 0.5], [3.0, 4.0, 0.0]],
        &[
            "1 -2 .5\n3 4 0",
            "1,-2,0.5\n3,4,0\n",
            "1, -2, 0.5\r\n3, 4, 0\r\n",
            "1,-2,0.5,\n3,4,0,\n",
            "1\t-2\t0.5\n3\t4\t0",
            "1\t-2\t0,5\n3\t4\t0",
            "1;-2;0,5\n3;4;0",
            "1;-2;0.5;\n3;4;0;",
            "1 -2 0,5\n3 4 0",
            "1 -2 0.5; 3 4 0",
            "1, -2, 0.5; 3, 4, 0",
            "1,-2,.5;3,4,0",
            "\n\n  1 -2 0.5  \n\n  3 4 0  \n\n",
        ],
    );
    reads(
        &array![[1.0, 2.0]],
        &["1,2", "1 2", "1;2", "[1,2]", "[1 2]"],
    );
    reads(&array![[1.5, 2.5]], &["1,5 2,5", "1,5\t2,5"]);
    reads(&array![[1.0], [2.0]], &["1\n2", "[1;2]", "[[1],[2]]"]);
    reads(&array![[7.0]], &["7", "[7]", "[[[[7]]]]", "7;"]);
}

#[test]
fn text_with_two_readings_is_refused() {
    const COMMAS: &str = "can mean decimal commas or numbers between commas";
    for text in [
        "1,5;2,5",
        "0,1;-1,0",
        "[0,5 -0,5; 1,5 2,0]",
        "0,5\n-0,5",
        "[-0,5 1,5]",
    ] {
        let got = text.trim_start_matches('[').replace('\n', " ");
        let error = parse(text).unwrap_err().to_string().replace('\n', " ");
        assert_eq!(error, format!("parseKernel: {got} {COMMAS}"), "{text:?}");
    }
    refuses(
        "1,125 2,250",
        "1,125 2,250 can mean decimal commas or thousands",
    );
    refuses(
        "[1 - 2; 3 4]",
        "1 - 2; 3 4] can mean a sum or separate numbers",
    );
    for text in [
        "{1, 2, 1, 2, 4, 2, 1, 2, 1}",
        "{1, 0,\n 2, 3}",
        "[[1 0\n 2 3]]",
        "kernelMatrix=\"1 0 -1 2 0 -2 1 0 -1\"",
    ] {
        let error = parse(text).unwrap_err();
        let Error::TextAmbiguous { first, second, .. } = error else {
            panic!("{text:?}: {error}");
        };
        assert_eq!([&first[..], &second[..]], ["one row", "several rows"]);
    }
    refuses("Matrix([1, 2])", "Matrix can mean one column or one row");
}

#[test]
fn every_line_end_ends_a_row() {
    for end in [
        "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}",
    ] {
        reads(
            &array![[1.0, -2.0], [3.0, 4.0]],
            &[&format!("1 -2{end}3 4")],
        );
    }
}

#[test]
fn types_that_cannot_hold_the_numbers_are_refused() {
    for text in [
        "np.array([[0.5]], dtype=int)",
        "np.array([[-1]], np.uint8)",
        "int k[1][2] = {{0.5, 1}}",
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains("a number that its type can hold"), "{error}");
    }
}

/// The forms in which people paste kernels: none is read as something else, and all but the few
/// that may be refused, or are named here, are read.
#[test]
fn pasted_forms_are_read_right_or_refused() {
    const NOT_READ: [&str; 2] = ["R matrix()", "SVG feConvolveMatrix"];
    let file = include_str!("../../../tests/data/pasted_kernels.json");
    let cases: serde_json::Value = serde_json::from_str(file).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 57);
    for case in cases {
        let (name, want) = (case["name"].as_str().unwrap(), &case["want"]);
        match parse(case["text"].as_str().unwrap()) {
            Ok(kernel) => {
                let want: Vec<Vec<f64>> = serde_json::from_value(want.clone()).unwrap();
                let is_close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9;
                assert_eq!(kernel.dim(), (want.len(), want[0].len()), "{name}");
                assert!(
                    kernel.iter().zip(want.iter().flatten()).all(is_close),
                    "{name}"
                );
            }
            Err(error) => {
                let may = want == "refuse" || case["mayRefuse"] == true || NOT_READ.contains(&name);
                assert!(may, "{name}: {error}");
            }
        }
    }
}

#[test]
fn latex_is_read() {
    reads(
        &array![[1.0, -2.0], [0.5, 4.0]],
        &[
            "\\begin{pmatrix} 1 & -2 \\\\ 0.5 & 4 \\end{pmatrix}",
            "$$\\begin{bmatrix}\n1 & -2 \\\\\n\\frac{1}{2} & 4 \\\\\n\\end{bmatrix}$$",
            "\\[ K = \\begin{bmatrix} 1&-2\\\\0,5&4 \\end{bmatrix} \\]",
            "\\frac{1}{2} \\begin{matrix} 2 & -4 \\\\ 1 & 8 \\end{matrix}",
            "\\tfrac{1}{2} \\cdot \\begin{matrix} 2 & -4 \\\\ 1 & 8 \\end{matrix}",
            "1 & -2 \\\\ 0.5 & 4",
            "1 & -\\frac{2}{1} \\\\\n\\frac{-1}{ -2 } & 4 \\\\",
        ],
    );
    reads(&array![[1.0], [2.0]], &["1 \\\\ 2"]);
    reads(&array![[1.0, 2.0]], &["1 & 2"]);
}

#[test]
fn factors_and_fractions_are_computed_as_written() {
    reads(
        &array![[1.0 / 9.0, -2.0 / 9.0]],
        &[
            "1/9 * [[1, -2]]",
            "(1/9)*[1 -2]",
            "1 / 9 * np.array([[1, -2]])",
            "np.array([[1, -2]]) / 9",
            "np.array([[1, -2]], dtype=float)/9.0",
            "k = [1 -2] / 9;",
            "[1 -2] * (1/9)",
            "[1 -2] * 1/9",
            "[1/9, -2/9]",
            "[[1 / 9, -2 / 9]]",
            "1/9 -2/9",
            "1/9,-2/9",
            "\\frac{1}{9}\\begin{bmatrix}1 & -2\\end{bmatrix}",
            "1/9 × [1 \u{2013}2]",
        ],
    );
    reads(&array![[3.0]], &["[1] / (1/3)", "2 * [3] / 2"]);
}

#[test]
fn words_and_impossible_numbers_are_named_with_their_place() {
    for (word, row) in [
        ("nan", "nan"),
        ("-inf", "-inf"),
        ("Infinity", "Infinity"),
        ("1e400", "1e400"),
        ("1/0", "1/0"),
        ("1/2/3", "1/2/3"),
        ("1e300/1e-300", "1e300/1e-300"),
        ("--1", "--1"),
        ("-", "-"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("...", "..."),
        ("\"2\"", "\"2\""),
        ("٣", "٣"),
        ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwx…"),
    ] {
        let message = format!("expected a number in row 2, column 3, got {row}");
        refuses(&format!("[[1, 2, 3], [4, 5, {word}]]"), &message);
        refuses(&format!("1 2 3\n4 5 {word}"), &message);
        refuses(&format!("1 & 2 & 3 \\\\ 4 & 5 & {word}"), &message);
    }
    refuses(
        "a,b,c\n1,2,3",
        "expected a number in row 1, column 1, got a",
    );
    refuses("[[1, 2], [3, (2)]]", "expected a number in row 2, got (");
    refuses(
        "1 2\n3 (2)",
        "expected a number in row 2, column 2, got (2)",
    );
    refuses("1,,3", "expected a number in row 1, column 2, got ");
    refuses("[[1,,3]]", "expected a number in row 1, column 2, got ");
    refuses("[,1]", "expected a number in row 1, column 1, got ");
    refuses("1\t\t3", "expected a number in row 1, column 2, got ");
    refuses("1, 2 3", "expected a number in row 1, column 2, got 2 3");
    refuses(
        "hello world",
        "expected a number in row 1, column 1, got hello",
    );
    refuses(
        "2\\frac{1}{9} & 3",
        "expected a number in row 1, column 1, got 2 1/9",
    );
    refuses(
        "\\frac{1}{9}2 & 3",
        "expected a number in row 1, column 1, got 1/9 2",
    );
    refuses(
        "1 & \\frac{a}{9}",
        "expected a number in row 1, column 2, got \\frac{a}{9}",
    );
    refuses("1]", "expected a number in row 1, column 1, got 1]");
}

#[test]
fn text_without_numbers_is_empty() {
    for text in [
        "",
        "  \n\t ",
        "[]",
        "[[], []]",
        "np.array([])",
        "$$",
        "\\begin{bmatrix}\\end{bmatrix}",
    ] {
        refuses(text, "expected a matrix of numbers, got empty text");
    }
}

#[test]
fn ragged_rows_are_named() {
    refuses(
        "[[1, 2], [3, 4], [5]]",
        "row 3 should have 2 numbers like the first, got 1",
    );
    refuses(
        "1 2\n3 4 5",
        "row 2 should have 2 numbers like the first, got 3",
    );
    refuses(
        "[[1], []]",
        "row 2 should have 1 numbers like the first, got 0",
    );
    refuses(
        "1 & 2 \\\\ 3",
        "row 2 should have 2 numbers like the first, got 1",
    );
}

#[test]
fn brackets_must_balance_and_nest_alike() {
    refuses("[[1, 2], [3, 4]", "expected ] in row 3, got end of text");
    refuses("[[1, 2], [3, 4", "expected ] in row 2, got end of text");
    refuses("[[1, 2]]]", "expected end of text in row 1, got ]");
    refuses("[1, [2, 3]]", "expected a number in row 1, got [");
    refuses("[[1, 2], 3]", "expected [ in row 2, got 3");
    refuses("[[1, 2],, [3, 4]]", "expected [ in row 2, got ,");
    refuses(
        "[[1], [[2]]]",
        "expected as many brackets as in row 1 in row 2, got ]",
    );
    refuses("np.array([[1, 2]]", "expected ) in row 1, got end of text");
    refuses(
        "np.array([[1]], [[2]])",
        "expected dtype=... or ) in row 1, got [[2]]",
    );
    refuses(
        "\\begin{bmatrix} 1 & 2",
        "expected \\end{...} in row 1, got end of text",
    );
    refuses(
        "\\begin{bmatrix}1\\end{pmatrix}",
        "expected \\end{...} in row 1, got pmatrix}",
    );
    refuses(
        "\\begin{align}1\\end{align}",
        "expected pmatrix or bmatrix in row 1, got align",
    );
}

#[test]
fn code_that_would_change_the_matrix_is_refused() {
    refuses(
        "np.array([[1, 2]]).T",
        "expected end of text in row 1, got .T",
    );
    refuses("[1 2]'", "expected end of text in row 1, got '");
    refuses(
        "np.flip([[1, 2]])",
        "expected np.array, torch.tensor or [ in row 1, got np.flip(",
    );
    // It may be an item of a list.
    refuses("- [1 2]", "expected a number or a matrix in row 1, got -");
    reads(&array![[-1.0, -2.0]], &["-[1 2]", "-np.array([[1, 2]])"]);
    refuses(
        "1/0 * [1 2]",
        "expected a number or a matrix in row 1, got 1/0 *",
    );
    refuses("[1 2] / 0", "expected end of text in row 1, got /0");
    refuses("[1 2] / 2/3", "expected end of text in row 1, got /2/3");
    refuses("[1 2] + 1", "expected end of text in row 1, got + 1");
    refuses("[1 2] [3 4]", "expected end of text in row 1, got [3 4]");
}

#[test]
fn several_matrices_are_refused() {
    for text in [
        "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]",
        "[[[1, 2]], [[3, 4]]]",
        "[[[[1]], [[2]]]]",
        "[[1; 2], [3; 4]]",
    ] {
        refuses(text, "expected one matrix, got several");
    }
}

#[test]
fn large_matrices_long_texts_and_deep_brackets_are_refused() {
    let row = |n: usize| vec!["1"; n].join(" ");
    let square = |n: usize| vec![row(n); n].join("\n");
    assert_eq!(parse(&square(15)), Ok(Kernel::ones((15, 15))));
    refuses(
        &square(16),
        "expected a matrix of at most 15 x 15, got 16 x 16",
    );
    refuses(&row(16), "expected a matrix of at most 15 x 15, got 1 x 16");
    refuses(
        &vec!["1"; 20_000].join("\n"),
        "expected a matrix of at most 15 x 15, got 20000 x 1",
    );
    reads(
        &array![[1.0]],
        &[&format!("{}1{}", "[".repeat(8), "]".repeat(8))],
    );
    refuses(&"[".repeat(9), "expected at most 8 nested brackets");
    refuses(
        &"1".repeat(65_537),
        "expected at most 65536 bytes of text, got 65537",
    );
}

#[test]
fn weights_beyond_the_limit_are_named_with_their_place() {
    let message = "row 1, column 2 must be between -1000000 and 1000000, got";
    refuses("1 2000000", &format!("{message} 2000000"));
    refuses("5e5 * [1 -4]", &format!("{message} -2000000"));
    refuses("1e300 * [0 1] * 1e300", &format!("{message} inf"));
    reads(&array![[1e6, -1e6]], &["1e6 -1e6", "1e7 * [1 -1] / 10"]);
}

#[test]
fn hostile_text_of_full_length_is_answered_at_once() {
    let pieces = [
        "[",
        "]",
        "[]",
        "[],",
        "[[1],",
        "(",
        ")",
        ",",
        ";",
        "\n",
        " ",
        "/",
        "/ ",
        " /",
        "1/",
        "1",
        "1 ",
        "1,",
        "1;",
        "1,1 ",
        "1\n",
        "&",
        "1&",
        "\\\\",
        "\\frac{",
        "\\frac{}",
        "\\frac{1}{",
        "\\frac{1}{2}",
        "\\begin{",
        "\\begin{bmatrix}",
        "\\end{",
        "=",
        "a=",
        "array(",
        "*",
        "$",
        "-",
        "\u{2212}",
        "e",
        ".",
        "0",
        "9",
        "\u{feff}",
        "1e9",
        "[1;",
        "[1\n",
        "\t",
        "1\t",
    ];
    for piece in pieces {
        let body = piece.repeat(BYTE_LIMIT / piece.len() - 1);
        for text in [
            body.clone(),
            format!("[{body}"),
            format!("array([{body}"),
            format!("{body}[1]"),
        ] {
            let start = Instant::now();
            if let Ok(kernel) = parse(&text) {
                assert_eq!(kernel.len(), 1, "{piece:?} was read as {kernel}");
            }
            // Reading in linear time takes some milliseconds, 64 KB squared would take far longer.
            let took = start.elapsed();
            assert!(took < Duration::from_secs(5), "{piece:?} took {took:?}");
        }
    }
}

fn weights() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e6..1e6,
        -1.0..1.0,
        -1e-5..1e-5,
        (-9..=9).prop_map(f64::from),
        prop::num::f64::ANY.prop_filter("within the limit", |weight| weight.abs() <= 1e6),
    ]
}

fn kernels() -> impl Strategy<Value = Kernel> {
    (1..=LIMIT, 1..=LIMIT).prop_flat_map(|(height, width)| {
        prop::collection::vec(weights(), height * width)
            .prop_map(move |weights| Kernel::from_shape_vec((height, width), weights).unwrap())
    })
}

fn answers(text: &str) {
    if let Ok(kernel) = parse(text) {
        crate::kernel::check("test", &kernel).unwrap();
    }
    if let Ok(value) = parse_number(text) {
        assert!(value.abs() <= 1e6);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_format_reads_back_exactly(kernel in kernels()) {
        for style in Format::ALL {
            prop_assert_eq!(parse(&format(&kernel, style)), Ok(kernel.clone()), "{:?}", style);
        }
    }

    #[test]
    fn a_written_number_reads_back_exactly(value in weights()) {
        prop_assert_eq!(parse_number(&format_number(value)), Ok(value));
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        answers(&text);
    }

    #[test]
    fn any_heap_of_matrix_signs_is_answered(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "[[", "]]", "(", ")", ",", ";", "\n", "\t", " ", "&", "\\\\", "\\begin{bmatrix}",
            "\\end{bmatrix}", "\\frac{1}{2}", "\\frac{", "}", "/", "*", "=", "array(", "tensor(", "1", "-2",
            "0,5", ".5", "1e9", "nan", "\u{2212}", "é", "$",
        ]), 0..40),
    ) {
        answers(&pieces.concat());
    }

    #[test]
    fn damaged_matrices_are_answered(
        kernel in kernels(),
        style in prop::sample::select(Format::ALL.to_vec()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<char>()), 1..6),
    ) {
        let mut text: Vec<char> = format(&kernel, style).chars().collect();
        for (from, to, replacement) in damage {
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            text.splice(from.min(to)..(from.min(to) + from.max(to) % 5).min(text.len()), [replacement]);
        }
        answers(&text.into_iter().collect::<String>());
    }
}
