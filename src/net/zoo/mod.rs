//! Published networks as specs, each exact to the variant that its name says.
//!
//! torchvision's networks keep their names there, and their layers are named as modules are;
//! what PyTorch computes without a module is named as its graph tracer does (`layer1.0.add`). TF-Slim's
//! networks are named as in its model library, with `slim_` where torchvision has the same name, and
//! their layers as its scopes: an end point is the layer of that name or the last in the block of that
//! name. All are as they run: heads that only help in training are left out.

mod alexnet;
mod builder;
mod densenet;
mod efficientnet;
mod googlenet;
mod inception_resnet_v2;
mod inception_v2;
mod inception_v3;
mod inception_v4;
mod lenet;
mod mobilenet;
mod options;
mod resnet;
mod slim;
mod slim_inception_v3;
mod slim_mixed;
mod slim_resnet;
mod squeezenet;
mod teaching;
mod vgg;

use crate::net::spec::Spec;

/// A network of the zoo.
#[derive(Clone, Copy, Debug)]
pub struct Architecture {
    /// Unlike all others, as its library or paper calls it: `resnet50`.
    pub name: &'static str,
    /// For people: `ResNet-50`.
    pub title: &'static str,
    /// What it is a variant of: `ResNet`.
    pub family: &'static str,
    /// When it was published.
    pub year: u16,
    /// Who published it, and whose implementation this is exact to.
    pub source: &'static str,
    /// Writes the spec.
    pub spec: fn() -> Spec,
}

const FAMILIES: [&[Architecture]; 16] = [
    teaching::MEMBERS,
    lenet::MEMBERS,
    alexnet::MEMBERS,
    vgg::MEMBERS,
    googlenet::MEMBERS,
    inception_v2::MEMBERS,
    inception_v3::MEMBERS,
    slim_inception_v3::MEMBERS,
    inception_v4::MEMBERS,
    inception_resnet_v2::MEMBERS,
    resnet::MEMBERS,
    slim_resnet::MEMBERS,
    squeezenet::MEMBERS,
    densenet::MEMBERS,
    mobilenet::MEMBERS,
    efficientnet::MEMBERS,
];

const COUNT: usize = {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
};

/// Every network, family by family.
pub static ARCHITECTURES: [Architecture; COUNT] = {
    let mut all = [FAMILIES[0][0]; COUNT];
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut member = 0;
        while member < FAMILIES[family].len() {
            all[count] = FAMILIES[family][member];
            member += 1;
            count += 1;
        }
        family += 1;
    }
    all
};

/// The network of this name.
pub fn find(name: &str) -> Option<&'static Architecture> {
    ARCHITECTURES.iter().find(|known| known.name == name)
}
