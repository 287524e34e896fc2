//! The layers of a network as a table, for a spreadsheet or a text.

use std::fmt::Write;

use crate::net::analysis::describe::{Description, NodeDescription};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// RFC 4180, one line per node.
    Csv,
    /// GitHub's tables.
    Markdown,
}

const HEAD: [&str; 12] = [
    "layer",
    "operator",
    "output",
    "parameters",
    "multiply-adds",
    "bytes",
    "field rows",
    "field columns",
    "stride rows",
    "stride columns",
    "padding rows",
    "padding columns",
];

/// A line for each node, the input first. What is not known stays empty; a field that holds the
/// whole input from every position is `all`.
pub fn table(description: &Description, format: TableFormat) -> String {
    let mut text = String::new();
    line(&mut text, &HEAD.map(String::from), format);
    if format == TableFormat::Markdown {
        text.push_str("| --- | --- | --- |");
        text.push_str(&" ---: |".repeat(HEAD.len() - 3));
        text.push('\n');
    }
    for node in &description.nodes {
        line(&mut text, &cells(node), format);
    }
    text
}

fn cells(node: &NodeDescription) -> [String; 12] {
    let field = &node.receptive_field;
    let size = |axis: usize| match field.size[axis] {
        Some(size) => size.to_string(),
        None if field.everything[axis] => "all".into(),
        None => String::new(),
    };
    [
        node.id.clone(),
        node.op.into(),
        shape(&node.shape),
        count(node.cost.parameters),
        count(node.cost.multiply_adds),
        count(node.cost.activation_bytes),
        size(0),
        size(1),
        known(field.stride[0]),
        known(field.stride[1]),
        known(field.padding[0]),
        known(field.padding[1]),
    ]
}

fn shape(extents: &[Option<usize>]) -> String {
    let words = extents.iter().map(|extent| match extent {
        Some(extent) => extent.to_string(),
        None => "?".into(),
    });
    words.collect::<Vec<_>>().join(" x ")
}

fn count(count: Option<u64>) -> String {
    count.map_or(String::new(), |count| count.to_string())
}

fn known(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

fn line(text: &mut String, cells: &[String], format: TableFormat) {
    let written = cells.iter().map(|cell| match format {
        TableFormat::Csv => quoted(cell),
        TableFormat::Markdown => escaped(cell),
    });
    let written = written.collect::<Vec<_>>();
    // Writing to a string cannot fail.
    let _ = match format {
        TableFormat::Csv => writeln!(text, "{}", written.join(",")),
        TableFormat::Markdown => writeln!(text, "| {} |", written.join(" | ")),
    };
}

/// A cell with a comma, a quote or a new line stands in quotes. So does one that a spreadsheet would
/// take for a formula, behind an apostrophe.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '@'])
        || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    let guard = if is_formula { "'" } else { "" };
    if is_formula || cell.contains([',', '"', '\n', '\r']) {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into()
    }
}

fn escaped(cell: &str) -> String {
    cell.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::analysis::describe::describe;
    use crate::net::graph::Graph;
    use crate::net::spec::Spec;

    fn written(format: TableFormat) -> String {
        let spec: Spec = serde_json::from_str(
            r#"{ "input": { "channels": 3, "height": 8, "width": 6 }, "layers": [
                 { "id": "a,b|c", "op": "conv2d", "channels": 2, "kernel": [3, 1], "stride": 2 },
                 { "id": "=mean", "op": "globalPool2d", "kind": "average" },
                 { "id": "flat", "op": "flatten" }] }"#,
        )
        .unwrap();
        table(&describe(&Graph::new(&spec).unwrap()).unwrap(), format)
    }

    /// Worked by hand: 2 · (3 · 3 · 1 + 1) parameters, 2 · 3 · 3 · 9 multiply-adds; the mean of 3 x 3
    /// positions 2 pixels apart sees 3 + 2 · 2 rows and 1 + 2 · 2 columns.
    #[test]
    fn csv_quotes_what_would_break_it() {
        let text = written(TableFormat::Csv);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0], HEAD.join(","));
        assert_eq!(lines[1], "input,input,3 x 8 x 6,0,0,576,1,1,1,1,0,0");
        assert_eq!(lines[2], "\"a,b|c\",conv2d,2 x 3 x 3,20,162,72,3,1,2,2,0,0");
        assert_eq!(
            lines[3],
            "\"'=mean\",globalPool2d,2 x 1 x 1,0,0,8,7,5,,,0,0"
        );
    }

    #[test]
    fn markdown_has_a_rule_and_escapes_bars() {
        let text = written(TableFormat::Markdown);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(lines[1].starts_with("| --- | --- | --- | ---: |"));
        assert!(lines[3].starts_with("| a,b\\|c | conv2d | 2 x 3 x 3 | 20 | 162 |"));
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        assert!(lines.iter().all(|line| columns(line) == 13), "{text}");
    }
}
