//! The lab's convolution as a PyTorch call, to check it or to take it along.

use crate::kernel::text::{format_number, format_rows};
use crate::labs::kernel_lab::Spec;
use crate::window::{PaddingMode, Sides, Window};

/// Python source that computes `y` from `x` of shape `[1, channels, height, width]`.
///
/// # Source
/// `torch.nn.functional.conv2d` and `pad`; `pad` lists left, right, top, bottom.
pub(crate) fn conv2d_call(spec: &Spec, window: &Window, channels: usize) -> String {
    let mut lines = vec![format!(
        "weight = torch.tensor([[{}]])",
        format_rows(&spec.kernel)
    )];
    if spec.conv.flip_kernel {
        lines.push("weight = weight.flip(2, 3)".into());
    }
    let mut arguments = Vec::new();
    if spec.bias != 0.0 {
        arguments.push(format!(
            "bias=torch.full(({channels},), {})",
            format_number(spec.bias.into())
        ));
    }
    for (name, [rows, cols], default) in [
        ("stride", window.stride, 1),
        ("padding", call_padding(spec, window), 0),
        ("dilation", window.dilation, 1),
    ] {
        if [rows, cols] != [default; 2] {
            arguments.push(if rows == cols {
                format!("{name}={rows}")
            } else {
                format!("{name}=({rows}, {cols})")
            });
        }
    }
    if channels > 1 {
        lines.push(format!("weight = weight.repeat({channels}, 1, 1, 1)"));
        arguments.push(format!("groups={channels}"));
    }
    if call_padding(spec, window) == [0, 0] && window.padding != Sides::default() {
        let Sides {
            top,
            left,
            bottom,
            right,
        } = window.padding;
        let mode = match spec.conv.padding_mode {
            PaddingMode::Zeros => String::new(),
            mode => format!(", mode=\"{}\"", mode.name()),
        };
        lines.push(format!(
            "x = F.pad(x, ({left}, {right}, {top}, {bottom}){mode})"
        ));
    }
    let arguments = arguments
        .iter()
        .map(|argument| format!(", {argument}"))
        .collect::<String>();
    let call = format!("F.conv2d(x, weight{arguments})");
    lines.push(if spec.relu {
        format!("y = F.relu({call})")
    } else {
        format!("y = {call}")
    });
    lines.join("\n")
}

/// The padding that `conv2d` itself can add: zeros, the same on opposite sides. Anything else
/// needs a `pad` before.
fn call_padding(spec: &Spec, window: &Window) -> [usize; 2] {
    let Sides {
        top,
        left,
        bottom,
        right,
    } = window.padding;
    let alike = top == bottom && left == right;
    if alike && spec.conv.padding_mode == PaddingMode::Zeros {
        [top, left]
    } else {
        [0, 0]
    }
}
