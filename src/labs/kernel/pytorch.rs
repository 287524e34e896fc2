//! The lab's convolution as PyTorch code.

use crate::kernel::text::{python_float, python_matrix};
use crate::labs::kernel::KernelLabSpec;
use crate::window::{PaddingMode, Sides, Window};

/// Python source that computes `y` from `x` of shape `[1, channels, height, width]`.
///
/// # Source
/// `torch.nn.functional.conv2d` and `pad`; `pad` lists left, right, top, bottom.
pub(crate) fn conv2d_call(spec: &KernelLabSpec, window: &Window) -> String {
    let channels = spec.color.channels();
    let mut lines = vec![format!(
        "weight = torch.tensor([[{}]])",
        python_matrix(&spec.kernel)
    )];
    if spec.conv.flip_kernel {
        lines.push("weight = weight.flip(2, 3)".into());
    }
    let mut arguments = Vec::new();
    if spec.bias != 0.0 {
        arguments.push(format!(
            "bias=torch.full(({channels},), {})",
            python_float(spec.bias)
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

/// The padding that `conv2d` itself can add: zeros, the same on opposite sides. Any other padding
/// needs a call of `pad` first.
fn call_padding(spec: &KernelLabSpec, window: &Window) -> [usize; 2] {
    let Sides {
        top,
        left,
        bottom,
        right,
    } = window.padding;
    let is_symmetric = top == bottom && left == right;
    if is_symmetric && spec.conv.padding_mode == PaddingMode::Zeros {
        [top, left]
    } else {
        [0, 0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::picture::ColorMode;
    use crate::labs::kernel::KernelLab;
    use crate::labs::shared::testing::{noise, plain};
    use crate::window::Padding;
    use ndarray::{Array2, array};

    const WEIGHT: &str = "weight = torch.tensor([[[[1., -0.5]]]])\n";

    /// The code without its first line, which is the same in all tests.
    fn code(change: impl Fn(&mut KernelLabSpec)) -> String {
        let mut spec = plain(array![[1.0, -0.5]]);
        change(&mut spec);
        let code = KernelLab::new(noise(6, 9)).pytorch(&spec).unwrap();
        code.strip_prefix(WEIGHT).unwrap().to_string()
    }

    fn sides(top: usize, left: usize, bottom: usize, right: usize) -> Padding {
        Padding::Explicit(Sides {
            top,
            left,
            bottom,
            right,
        })
    }

    #[test]
    fn defaults_are_left_out() {
        assert_eq!(code(|_| ()), "y = F.conv2d(x, weight)");
    }

    #[test]
    fn options_are_given_by_name_and_pairs_that_differ_as_pairs() {
        assert_eq!(
            code(|spec| spec.conv.stride = [2, 2]),
            "y = F.conv2d(x, weight, stride=2)"
        );
        assert_eq!(
            code(|spec| {
                spec.conv.stride = [1, 3];
                spec.conv.dilation = [1, 2];
                spec.conv.padding = sides(2, 1, 2, 1);
            }),
            "y = F.conv2d(x, weight, stride=(1, 3), padding=(2, 1), dilation=(1, 2))"
        );
    }

    #[test]
    fn padding_that_conv2d_cannot_add_is_added_before() {
        assert_eq!(
            code(|spec| spec.conv.padding = Padding::Same),
            "x = F.pad(x, (0, 1, 0, 0))\ny = F.conv2d(x, weight)"
        );
        assert_eq!(
            code(|spec| spec.conv.padding = sides(1, 2, 3, 4)),
            "x = F.pad(x, (2, 4, 1, 3))\ny = F.conv2d(x, weight)"
        );
        for mode in ["reflect", "replicate", "circular"] {
            assert_eq!(
                code(|spec| {
                    let named = |known: &PaddingMode| known.name() == mode;
                    spec.conv.padding_mode = PaddingMode::ALL.into_iter().find(named).unwrap();
                    spec.conv.padding = sides(1, 2, 1, 2);
                }),
                format!("x = F.pad(x, (2, 2, 1, 1), mode=\"{mode}\")\ny = F.conv2d(x, weight)")
            );
        }
    }

    #[test]
    fn a_mode_without_padding_says_nothing() {
        assert_eq!(
            code(|spec| spec.conv.padding_mode = PaddingMode::Circular),
            "y = F.conv2d(x, weight)"
        );
    }

    /// `torch.full` with an integer would create an integer tensor, which `conv2d` refuses.
    #[test]
    fn a_bias_is_always_a_float() {
        for (bias, written) in [(2.0, "2."), (-0.1, "-0.1"), (1e-7, "1.e-7")] {
            assert_eq!(
                code(|spec| spec.bias = bias),
                format!("y = F.conv2d(x, weight, bias=torch.full((1,), {written}))")
            );
        }
    }

    #[test]
    fn color_applies_the_kernel_to_each_channel() {
        assert_eq!(
            code(|spec| {
                spec.color = ColorMode::Color;
                spec.bias = 0.5;
                spec.conv.flip_kernel = true;
                spec.relu = true;
            }),
            "weight = weight.flip(2, 3)\n\
             weight = weight.repeat(3, 1, 1, 1)\n\
             y = F.relu(F.conv2d(x, weight, bias=torch.full((3,), 0.5), groups=3))"
        );
    }

    #[test]
    fn what_has_no_output_has_no_code() {
        let spec = plain(Array2::ones((1, 12)));
        assert!(KernelLab::new(noise(6, 9)).pytorch(&spec).is_err());
    }
}
