//! Every spec of the zoo is well formed.

use std::collections::BTreeSet;

use cnn_playground::net::spec::Spec;
use cnn_playground::net::zoo::{ARCHITECTURES, find};

#[test]
fn names_are_unlike_each_other_and_found() {
    let names = ARCHITECTURES.iter().map(|architecture| architecture.name);
    let names = names.collect::<BTreeSet<_>>();
    assert_eq!(names.len(), ARCHITECTURES.len());
    let titles = ARCHITECTURES.iter().map(|architecture| architecture.title);
    assert_eq!(titles.collect::<BTreeSet<_>>().len(), ARCHITECTURES.len());
    for name in names {
        assert_eq!(find(name).unwrap().name, name);
    }
    assert!(find("resnet51").is_none());
}

#[test]
fn families_stand_together() {
    let mut families = ARCHITECTURES
        .map(|architecture| architecture.family)
        .to_vec();
    families.dedup();
    let different = families.iter().collect::<BTreeSet<_>>().len();
    assert_eq!(families.len(), different, "{families:?}");
}

#[test]
fn no_layer_is_named_as_a_block() {
    for architecture in &ARCHITECTURES {
        let spec = (architecture.spec)();
        let ids = spec.layers.iter().map(|layer| layer.id.as_str());
        let ids = ids.collect::<BTreeSet<_>>();
        for id in &ids {
            let ends = id.match_indices(['.', '/']).map(|(end, _)| end);
            let block = ends.map(|end| &id[..end]).find(|block| ids.contains(block));
            assert_eq!(block, None, "{}: {id}", architecture.name);
        }
    }
}

#[test]
fn a_spec_survives_json() {
    for architecture in &ARCHITECTURES {
        let spec = (architecture.spec)();
        let text = serde_json::to_string(&spec).unwrap();
        let read = serde_json::from_str::<Spec>(&text).unwrap();
        assert_eq!(read, spec, "{}", architecture.name);
    }
}
