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
