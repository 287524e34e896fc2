//! Weights of a layer as text, `[filters, channels, rows, columns]`, in and out, and as PyTorch code.

use super::spec::{ChannelsLabSpec, Filter, check_filters};
use crate::error::{Error, Result};
use crate::kernel::text::{parse as parse_kernel, python_float, python_matrix};
use crate::window::{Sides, Window};

/// Reads filters from nested brackets, as JSON, NumPy and PyTorch write them: `[n, 3, rows, columns]`,
/// or `[3, rows, columns]` for one filter. What stands around the brackets does not count. Biases
/// are 0.
///
/// # Errors
/// [`Error::TextTooLong`] for more than 256 KB; [`Error::TextEmpty`] without a bracket;
/// [`Error::TextUnexpected`] where a bracket is not closed; [`Error::ShapeMismatch`] for another
/// number of axes or channels; [`Error::OutOfRange`] for too many filters; for each kernel, as
/// [`crate::kernel::text::parse`].
pub fn parse(text: &str) -> Result<Vec<Filter>> {
    if text.len() > BYTE_LIMIT {
        return Err(Error::TextTooLong {
            operator: OPERATOR,
            limit: BYTE_LIMIT,
            got: text.len(),
        });
    }
    let start = text
        .find('[')
        .ok_or(Error::TextEmpty { operator: OPERATOR })?;
    let text = &text[start..];
    let filters = match axes(text) {
        4 => lists_within(text)?,
        3 => vec![text],
        axes => {
            return Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: "weights",
                expected: "[filters, 3, rows, columns]".into(),
                got: format!("[{axes} axes]"),
            });
        }
    };
    let filters = filters
        .into_iter()
        .map(|filter| {
            let kernels = lists_within(filter)?.into_iter().map(parse_kernel);
            Ok(Filter {
                kernels: kernels.collect::<Result<_>>()?,
                bias: 0.0,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    check_filters(OPERATOR, &filters)?;
    Ok(filters)
}

/// The weights as PyTorch code, a filter per line.
pub fn format(filters: &[Filter]) -> String {
    format!("torch.tensor({})", literal(filters, "              "))
}

/// Python source that computes `y` from `x` of shape `[1, 3, height, width]`; with `apart`, each
/// channel by itself under the kernels of the first filter, as [`super::Apart`].
///
/// # Source
/// `torch.nn.Conv2d`; `torch.nn.functional.pad` lists left, right, top, bottom.
pub(super) fn conv2d_call(spec: &ChannelsLabSpec, window: &Window, apart: bool) -> String {
    let Sides {
        top,
        left,
        bottom,
        right,
    } = window.padding;
    let is_symmetric = top == bottom && left == right;
    let filters = spec.filters.len();
    let pair = |[rows, cols]: [usize; 2]| match rows == cols {
        true => rows.to_string(),
        false => format!("({rows}, {cols})"),
    };
    let mut arguments = vec![format!(
        "3, {}, {}",
        if apart { 3 } else { filters },
        pair(window.kernel)
    )];
    if window.stride != [1, 1] {
        arguments.push(format!("stride={}", pair(window.stride)));
    }
    if is_symmetric && [top, left] != [0, 0] {
        arguments.push(format!("padding={}", pair([top, left])));
    }
    if apart {
        arguments.push("groups=3".into());
    }
    let mut lines = vec![format!("conv = nn.Conv2d({})", arguments.join(", "))];
    let weights = literal(&spec.filters, "                       ");
    let [turn, biases] = if apart {
        let third = python_float(spec.filters[0].bias / 3.0);
        [".transpose(0, 1)", &format!("[{third}, {third}, {third}]")]
    } else {
        let biases = spec.filters.iter().map(|filter| python_float(filter.bias));
        ["", &format!("[{}]", biases.collect::<Vec<_>>().join(", "))]
    };
    lines.push(format!("weight = torch.tensor({weights}){turn}"));
    lines.push("conv.weight = nn.Parameter(weight)".into());
    lines.push(format!("conv.bias = nn.Parameter(torch.tensor({biases}))"));
    if !is_symmetric {
        lines.push(format!("x = F.pad(x, ({left}, {right}, {top}, {bottom}))"));
    }
    lines.push(
        if spec.relu {
            "y = F.relu(conv(x))"
        } else {
            "y = conv(x)"
        }
        .into(),
    );
    lines.join("\n")
}

fn literal(filters: &[Filter], indent: &str) -> String {
    let filter = |filter: &Filter| {
        let kernels = filter.kernels.iter().map(python_matrix);
        format!("[{}]", kernels.collect::<Vec<_>>().join(", "))
    };
    let filters = filters.iter().map(filter).collect::<Vec<_>>();
    format!("[{}]", filters.join(&format!(",\n{indent}")))
}

const OPERATOR: &str = "parseWeights";

/// Longest text read, in bytes: 16 filters of 3 kernels of 15 x 15 numbers of 20 characters.
const BYTE_LIMIT: usize = 256 * 1024;

/// How many brackets `text` begins with.
fn axes(text: &str) -> usize {
    let leading = text.chars().filter(|character| !character.is_whitespace());
    leading.take_while(|&character| character == '[').count()
}

/// The bracketed lists that lie directly within the list with which `text` begins.
fn lists_within(text: &str) -> Result<Vec<&str>> {
    let (mut lists, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '[' => {
                depth += 1;
                if depth == 2 {
                    start = at;
                }
            }
            ']' if depth == 2 => {
                depth = 1;
                lists.push(&text[start..=at]);
            }
            ']' if depth == 1 => return Ok(lists),
            ']' => depth -= 1,
            _ => {}
        }
    }
    Err(Error::TextUnexpected {
        operator: OPERATOR,
        row: text.lines().count(),
        expected: "]",
        got: "end of text".into(),
    })
}
