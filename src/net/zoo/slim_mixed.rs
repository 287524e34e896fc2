//! Inception modules as TF-Slim names them.

use super::builder::Builder;
use super::options::{Conv, Extents, Pool, average_pool, conv, max_pool};
use super::slim::Unit;

/// A step of an Inception branch.
#[derive(Clone, Copy)]
pub enum Step {
    /// A convolution and what follows it.
    Conv(Conv),
    /// The mean of 3x3 pixels around each.
    Average,
    /// The largest of 3x3 pixels around each.
    Max,
    /// The largest of 3x3 pixels around every other.
    MaxHalving(Pool),
    /// Two convolutions of the same input, their outputs joined.
    Split(Conv, Conv),
}

/// A convolution at every position, padded so that the map keeps its extents.
pub fn same(channels: usize, kernel: impl Extents) -> Step {
    Step::Conv(conv(channels, kernel).same())
}

/// A 3x3 convolution inside the map at every other position.
pub fn halving(channels: usize) -> Step {
    Step::Conv(conv(channels, 3).stride(2))
}

/// The largest of 3x3 pixels inside the map at every other position.
pub fn max_halving() -> Step {
    Step::MaxHalving(max_pool(3, 2))
}

/// 1x3 beside 3x1.
pub fn split(channels: usize) -> Step {
    Step::Split(conv(channels, [1, 3]).same(), conv(channels, [3, 1]).same())
}

/// The first three convolutions of Inception v3 and v4.
pub fn stem(net: &mut Builder) {
    let unit = Unit::INCEPTION;
    unit.add(net, "Conv2d_1a_3x3", conv(32, 3).stride(2));
    unit.add(net, "Conv2d_2a_3x3", conv(32, 3));
    unit.add(net, "Conv2d_2b_3x3", conv(64, 3).same());
}

/// Adds an Inception module: in `name`, each of `branches` from here, joined.
///
/// The steps of a branch are named by TF-Slim's rule: what they are, `0` or, where the map shrinks,
/// `1`, a letter that counts them, and the kernel: `Conv2d_0b_3x3`.
pub fn mixed(net: &mut Builder, name: &str, branches: &[&[Step]]) {
    net.within(name, |net| branch_out(net, branches));
}

/// [`mixed`] inside the block that is open.
pub fn branch_out(net: &mut Builder, branches: &[&[Step]]) {
    let from = net.here();
    let mut ends = Vec::with_capacity(branches.len());
    for (branch_idx, steps) in branches.iter().enumerate() {
        net.go(&from);
        net.within(&format!("Branch_{branch_idx}"), |net| branch(net, steps));
        ends.push(net.here());
    }
    net.concat("concat", &ends);
}

fn branch(net: &mut Builder, steps: &[Step]) {
    let unit = Unit::INCEPTION;
    let mut letters = 'a'..;
    for &step in steps {
        // The counting starts anew with the step that shrinks.
        let mut letter = |shrinks: bool| {
            if shrinks {
                'a'
            } else {
                letters.next().unwrap_or('z')
            }
        };
        match step {
            Step::Conv(conv) => unit.add(net, &conv_name(conv, letter(conv.shrinks())), conv),
            Step::Average => {
                let id = format!("AvgPool_0{}_3x3", letter(false));
                net.pool(&id, average_pool(3, 1).same());
            }
            Step::Max => {
                let id = format!("MaxPool_0{}_3x3", letter(false));
                net.pool(&id, max_pool(3, 1).same());
            }
            Step::MaxHalving(pool) => {
                net.pool("MaxPool_1a_3x3", pool);
            }
            Step::Split(first, second) => {
                let from = net.here();
                unit.add(net, &conv_name(first, letter(false)), first);
                let ends = net.here();
                net.go(&from);
                unit.add(net, &conv_name(second, letter(false)), second);
                let ends = [ends, net.here()];
                net.concat("concat", &ends);
            }
        }
    }
}

fn conv_name(conv: Conv, letter: char) -> String {
    let [rows, cols] = conv.kernel;
    let stage = usize::from(conv.shrinks());
    format!("Conv2d_{stage}{letter}_{rows}x{cols}")
}
