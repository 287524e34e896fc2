//! A network as PyTorch code, to check it or to use it elsewhere.

mod helpers;
mod layer;
mod names;

use crate::error::Result;
use crate::net::graph::{Graph, NodeId};
use crate::net::pytorch::helpers::Helper;
use crate::net::pytorch::layer::{Code, code};
use crate::net::pytorch::names::Names;
use crate::net::refusal::in_layer;

const OPERATOR: &str = "networkPytorch";

/// Python source with a class `Network`, an `nn.Module` that computes what `graph` does: the same
/// shapes, and as many parameters in each layer.
///
/// Padding is resolved for the input size of the graph: where it depends on the size, as under
/// [`crate::window::Padding::Same`] with a stride, the code is for inputs of that size only.
///
/// # Errors
/// [`crate::error::Error::Layer`] around [`crate::error::Error::WrongType`] for a layer whose code
/// depends on an input size that is not given.
///
/// # Source
/// The documentation of `torch.nn` 2.
pub fn module(graph: &Graph) -> Result<String> {
    let names = Names::new(graph.nodes().iter().skip(1).map(|node| node.id.as_str()));
    let variables = Variables::new(graph, &names);
    let mut helpers = Vec::new();
    let mut modules = Vec::new();
    let mut steps = Vec::new();
    for (id, node) in graph.iter() {
        let Some(op) = &node.op else { continue };
        let Code {
            module,
            expression,
            helpers: needed,
        } = code(op, graph, id).map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
        let name = names.of(id.index() - 1);
        if let Some(module) = &module {
            modules.push(format!("        self.{name} = {module}\n"));
        }
        let inputs = node.inputs.iter().map(|&input| variables.of(input));
        let value = expression.with(&inputs.collect::<Vec<_>>(), name);
        steps.push(format!("        {} = {value}\n", variables.of(id)));
        helpers.extend(needed);
    }
    helpers.sort();
    helpers.dedup();
    Ok([
        "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n".into(),
        helpers.iter().map(Helper::source).collect(),
        "\n\nclass Network(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            .into(),
        modules.concat(),
        format!(
            "\n    def forward(self, {}):\n",
            variables.of(NodeId::INPUT)
        ),
        steps.concat(),
        format!("        return {}\n", variables.of(graph.last())),
    ]
    .concat())
}

/// The variable that holds each node's output: `x` if only the next step reads it.
struct Variables(Vec<String>);

impl Variables {
    fn new(graph: &Graph, names: &Names) -> Self {
        let mut readers = vec![Vec::new(); graph.nodes().len()];
        for (id, node) in graph.iter() {
            for input in &node.inputs {
                readers[input.index()].push(id.index());
            }
        }
        let last = graph.last().index();
        let variable = |(idx, readers): (usize, &Vec<usize>)| {
            if idx == last || readers[..] == [idx + 1] {
                "x".into()
            } else if idx == 0 {
                "inputs".into()
            } else {
                names.of(idx - 1).into()
            }
        };
        Variables(readers.iter().enumerate().map(variable).collect())
    }

    fn of(&self, node: NodeId) -> &str {
        &self.0[node.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::spec::Spec;

    fn written(layers: &str) -> String {
        let text = format!(
            r#"{{ "input": {{ "channels": 3, "height": 9, "width": 8 }}, "layers": [{layers}] }}"#
        );
        let spec: Spec = serde_json::from_str(&text).unwrap();
        module(&Graph::new(&spec).unwrap()).unwrap()
    }

    #[test]
    fn a_chain_is_a_module_for_each_layer_and_one_variable() {
        let code = written(
            r#"{ "id": "a.conv", "op": "conv2d", "channels": 8, "kernel": [3, 1], "stride": 2,
                 "padding": [1, 0], "bias": false },
               { "id": "a.relu", "op": "activation", "kind": "relu" }"#,
        );
        let class = "\
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.a_conv = nn.Conv2d(3, 8, (3, 1), stride=2, padding=(1, 0), bias=False)
        self.a_relu = nn.ReLU()

    def forward(self, x):
        x = self.a_conv(x)
        x = self.a_relu(x)
        return x
";
        assert!(code.ends_with(class), "{code}");
    }

    #[test]
    fn what_is_read_again_keeps_its_name() {
        let code = written(
            r#"{ "id": "conv", "op": "conv2d", "channels": 3, "kernel": 3, "padding": "same" },
               { "id": "sum", "op": "add", "from": ["conv", "input"] },
               { "id": "both", "op": "concat", "from": ["sum", "conv"] }"#,
        );
        let forward = "
    def forward(self, inputs):
        conv = self.conv(inputs)
        x = conv + inputs
        x = torch.cat([x, conv], dim=1)
        return x
";
        assert!(code.ends_with(forward), "{code}");
    }

    #[test]
    fn padding_that_the_module_cannot_add_is_added_before() {
        let code = written(
            r#"{ "id": "conv", "op": "conv2d", "channels": 4, "kernel": 3, "stride": 2, "padding": "same" }"#,
        );
        // 9 rows need 1 + 1, 8 columns 0 + 1.
        assert!(
            code.contains("x = self.conv(F.pad(x, (0, 1, 1, 1)))"),
            "{code}"
        );
    }

    /// The code of one pooling layer in place of its `self.name(x)` or expression.
    fn pooling(options: &str) -> String {
        let code = written(&format!(
            r#"{{ "id": "pool", "op": "pool2d", "kind": "lp", {options} }}"#
        ));
        let line = |start: &str| {
            let line = code
                .lines()
                .find_map(|line| line.trim().strip_prefix(start));
            line.map(str::to_string)
        };
        line("self.pool = ").or(line("x = ")).unwrap()
    }

    /// `nn.LPPool2d` gives NaN for the window -3, 1, -1, 1 at p = 3, and at p = 2 scales up the
    /// sums of windows that the end of the input cuts, to 9.487 instead of 6.708 for 3 and 6.
    #[test]
    fn norms_are_a_module_only_where_pytorch_computes_the_same() {
        for (options, code) in [
            (r#""size": 2, "p": 2"#, "nn.LPPool2d(2.0, 2)"),
            (
                r#""size": 3, "p": 4, "stride": 1"#,
                "nn.LPPool2d(4.0, 3, stride=1)",
            ),
            // 9 x 8 divided by 3 x 4 leaves no rest.
            (
                r#""size": [3, 4], "p": 2, "ceilMode": true"#,
                "nn.LPPool2d(2.0, (3, 4), ceil_mode=True)",
            ),
            (
                r#""size": 2, "p": 3"#,
                "(4 * F.avg_pool2d(x.abs() ** 3.0, 2, 2)) ** (1 / 3.0)",
            ),
            (
                r#""size": 2, "p": 1"#,
                "(4 * F.avg_pool2d(x.abs() ** 1.0, 2, 2)) ** (1 / 1.0)",
            ),
            (
                r#""size": 2, "p": 2.5"#,
                "(4 * F.avg_pool2d(x.abs() ** 2.5, 2, 2)) ** (1 / 2.5)",
            ),
            (
                r#""size": 2, "p": 2, "ceilMode": true"#,
                "(4 * F.avg_pool2d(F.pad(x, (0, 0, 0, 1)).abs() ** 2.0, 2, 2)) ** (1 / 2.0)",
            ),
        ] {
            assert_eq!(pooling(options), code, "{options}");
        }
    }

    #[test]
    fn windows_that_the_end_may_cut_need_the_size() {
        let refused = |layer: &str| {
            let text = format!(r#"{{ "input": {{ "channels": 1 }}, "layers": [{layer}] }}"#);
            let spec: Spec = serde_json::from_str(&text).unwrap();
            module(&Graph::new(&spec).unwrap()).is_err()
        };
        for (kind, is_refused) in [("lp", true), ("max", false), ("average", false)] {
            let layer = format!(
                r#"{{ "id": "a", "op": "pool2d", "kind": "{kind}", "size": 2, "ceilMode": true }}"#
            );
            assert_eq!(refused(&layer), is_refused, "{kind}");
        }
        let sides = r#"{ "id": "a", "op": "pool2d", "kind": "max", "size": 3, "stride": 2,
                         "padding": [0, 1, 1, 0], "ceilMode": true }"#;
        assert!(refused(sides));
    }

    #[test]
    fn code_that_depends_on_a_size_needs_it() {
        let spec: Spec = serde_json::from_str(
            r#"{ "input": { "channels": 1 }, "layers": [
                 { "id": "a", "op": "conv2d", "channels": 1, "kernel": 3, "stride": 2, "padding": "same" }] }"#,
        )
        .unwrap();
        let refused = module(&Graph::new(&spec).unwrap()).unwrap_err();
        assert!(refused.to_string().contains("layer a"), "{refused}");
    }
}
