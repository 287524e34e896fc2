//! The layers of EfficientNet-Lite0 that the lab shows, block by block.

use serde::Serialize;

use crate::net::graph::{Graph, NodeId};
use crate::net::spec::Op;

/// What a layer does within its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first convolution.
    Stem,
    /// Pointwise: more channels.
    Expand,
    /// A kernel for each channel.
    Depthwise,
    /// Pointwise: fewer channels, with no activation.
    Project,
    /// The same with the block's input added.
    Sum,
    /// The last convolution.
    Head,
}

/// A layer whose maps are shown: a convolution with what follows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownLayer {
    /// The id of the node whose values are shown.
    pub id: String,
    /// `stem`, the number of a block, or `head`.
    pub block: String,
    /// What it does.
    pub role: Role,
    /// Rows and columns of the convolution's kernel.
    pub kernel: usize,
    /// Number of maps.
    pub channels: usize,
    /// Rows and columns of a map.
    pub side: usize,
    /// Whether its values are limited to 0 to 6.
    pub limited: bool,
    /// Where to find it.
    #[serde(skip)]
    pub node: NodeId,
}

/// The layers in the order of the network.
pub fn shown_layers(graph: &Graph) -> Vec<ShownLayer> {
    let nodes = graph.iter().skip(1);
    nodes
        .filter(|&(id, _)| is_shown(graph, id))
        .filter_map(|(id, _)| shown(graph, id))
        .collect()
}

/// Whether no other layer that belongs to the same convolution follows.
fn is_shown(graph: &Graph, id: NodeId) -> bool {
    let is_kind = |op: Option<&Op>| {
        matches!(
            op,
            Some(Op::Activation { .. } | Op::BatchNorm { .. } | Op::Add {})
        )
    };
    let mut users = graph
        .nodes()
        .iter()
        .filter(|node| node.inputs.contains(&id));
    let is_added = |op: Option<&Op>| matches!(op, Some(Op::Add {}));
    let is_own = graph[id].op.as_ref();
    is_kind(is_own)
        && graph[id].shape.spatial()[0].is_some()
        && !users.any(|user| {
            let follows = is_kind(user.op.as_ref()) && !is_added(user.op.as_ref());
            follows
                || is_added(user.op.as_ref())
                    && matches!(is_own, Some(Op::BatchNorm { .. }))
                    && user.inputs.first() == Some(&id)
        })
}

fn shown(graph: &Graph, node: NodeId) -> Option<ShownLayer> {
    let Op::Conv2d { kernel, groups, .. } = convolution(graph, node)? else {
        return None;
    };
    let id = graph[node].id.clone();
    let block = match id.strip_prefix("_blocks.") {
        Some(rest) => rest.split('.').next().unwrap_or_default().to_owned(),
        None if id == "_relu6" => "stem".to_owned(),
        None => "head".to_owned(),
    };
    let role = match (&graph[node].op, &block[..]) {
        (_, "stem") => Role::Stem,
        (_, "head") => Role::Head,
        (Some(Op::Activation { .. }), _) if *groups > 1 => Role::Depthwise,
        (Some(Op::Activation { .. }), _) => Role::Expand,
        (Some(Op::Add {}), _) => Role::Sum,
        _ => Role::Project,
    };
    Some(ShownLayer {
        id,
        block,
        role,
        kernel: kernel[0],
        channels: graph[node].shape.channels()?,
        side: graph[node].shape.spatial()[0]?,
        limited: matches!(graph[node].op, Some(Op::Activation { .. })),
        node,
    })
}

/// The convolution that a node belongs to.
fn convolution(graph: &Graph, node: NodeId) -> Option<&Op> {
    let mut at = node;
    loop {
        match &graph[at].op {
            Some(op @ Op::Conv2d { .. }) => return Some(op),
            _ => at = *graph[at].inputs.first()?,
        }
    }
}
