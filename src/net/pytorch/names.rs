//! Python names for layers.

use std::collections::HashSet;

/// A name for each layer: its id with other characters than letters, digits and `_` replaced,
/// unlike all others and unlike what the code uses itself.
pub struct Names(Vec<String>);

impl Names {
    pub fn new<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        let mut taken = HashSet::new();
        let named = |id: &str| {
            let plain = identifier(id);
            let mut name = plain.clone();
            let mut count = 2;
            while !taken.insert(name.clone()) {
                name = format!("{plain}_{count}");
                count += 1;
            }
            name
        };
        Names(ids.map(named).collect())
    }

    /// The name of the layer at `index`.
    pub fn of(&self, index: usize) -> &str {
        &self.0[index]
    }
}

fn identifier(id: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    let name: String = id.chars().map(plain).collect();
    let begins_badly = !name.starts_with(|first: char| first.is_ascii_alphabetic());
    if begins_badly {
        format!("layer_{}", name.trim_start_matches('_'))
    } else if RESERVED.contains(&name.as_str()) || name.starts_with("register_") {
        format!("{name}_")
    } else {
        name
    }
}

/// Keywords of Python, names that the code uses, and what every `nn.Module` has.
const RESERVED: [&str; 92] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "F",
    "Network",
    "inputs",
    "nn",
    "self",
    "super",
    "torch",
    "x",
    "BlurPool2d",
    "ChannelScale",
    "PartialConv2d",
    "ShiftedBatchNorm2d",
    "average_windows",
    "T_destination",
    "add_module",
    "apply",
    "bfloat16",
    "buffers",
    "call_super_init",
    "children",
    "compile",
    "cpu",
    "cuda",
    "double",
    "dump_patches",
    "eval",
    "extra_repr",
    "float",
    "forward",
    "get_buffer",
    "get_extra_state",
    "get_parameter",
    "get_submodule",
    "half",
    "ipu",
    "load_state_dict",
    "modules",
    "mtia",
    "named_buffers",
    "named_children",
    "named_modules",
    "named_parameters",
    "parameters",
    "requires_grad_",
    "set_extra_state",
    "set_submodule",
    "share_memory",
    "state_dict",
    "to",
    "to_empty",
    "train",
    "training",
    "type",
    "xpu",
    "zero_grad",
    "delattr",
    "print",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn names<const N: usize>(ids: [&str; N]) -> Vec<String> {
        Names::new(ids.into_iter()).0
    }

    #[test]
    fn other_characters_become_underscores_and_names_stay_apart() {
        assert_eq!(
            names(["a.b", "a/b", "a_b", "0.conv", "свёртка", "_x"]),
            ["a_b", "a_b_2", "a_b_3", "layer_0_conv", "layer_", "layer_x"]
        );
    }

    #[test]
    fn a_name_that_python_or_a_module_needs_is_changed() {
        assert_eq!(
            names(["x", "type", "class", "register_me", "x_"]),
            ["x_", "type_", "class_", "register_me_", "x__2"]
        );
    }
}
