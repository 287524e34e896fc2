//! Which node of a graph.

/// A node of a [`Graph`](crate::net::graph::Graph). Its nodes are numbered so that each follows its
/// inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

impl NodeId {
    /// The input of the network.
    pub const INPUT: NodeId = NodeId(0);

    pub(super) const fn new(index: usize) -> NodeId {
        NodeId(index)
    }

    /// The index into [`Graph::nodes`](crate::net::graph::Graph::nodes) and into every other list
    /// with an entry for each node.
    pub const fn index(self) -> usize {
        self.0
    }

    /// The input and the nodes after it up to this one.
    pub fn up_to(self) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator {
        (0..self.0 + 1).map(NodeId)
    }
}
