use super::run::Run;
use super::spec::{RateChange, RunSpec};

/// A few digits of the page, which take less time.
fn digits() -> String {
    all_digits()
        .lines()
        .take(150)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The digits of the page.
fn all_digits() -> String {
    let file = include_str!("../../../www/labs/training/data/digits.json");
    let file = serde_json::from_str::<serde_json::Value>(file).unwrap();
    file["digits"].as_str().unwrap().to_owned()
}

fn spec(changes: serde_json::Value) -> RunSpec {
    let mut spec = serde_json::json!({
        "data": { "set": "digits", "examples": 60, "labelNoise": 0, "shift": false },
        "network": {
            "kind": "cnn", "depth": 2, "width": 2, "activation": "relu", "norm": "none",
            "pooling": "max", "dropout": 0, "firstWeights": "he", "skips": false, "start": "scratch"
        },
        "training": {
            "optimizer": "sgd", "momentum": 0.5, "learningRate": 0.02, "schedule": "constant",
            "scheduleSteps": 1000, "l1": 0, "l2": 0, "clip": 0, "labelSmoothing": 0, "batch": 8
        },
        "seed": 1
    });
    merge(&mut spec, changes);
    serde_json::from_value(spec).unwrap()
}

fn merge(into: &mut serde_json::Value, from: serde_json::Value) {
    match (into, from) {
        (serde_json::Value::Object(into), serde_json::Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[test]
fn stripes_are_learned() {
    let changes = serde_json::json!({ "data": { "set": "stripes", "examples": 200 }, "network": { "width": 4 }, "training": { "optimizer": "adam", "learningRate": 0.01 } });
    let mut run = Run::new(spec(changes), None).unwrap();
    run.advance(100, &[]).unwrap();
    let [first, last] = [run.records()[0], *run.records().last().unwrap()];
    assert!(first.held_out_accuracy < 0.5, "{first:?}");
    assert!(last.held_out_accuracy > 0.8, "{last:?}");
    assert!(last.training_loss < 0.7 * first.training_loss);
}

#[test]
fn a_fifth_of_the_digits_is_held_out() {
    let run = |examples: usize| {
        let changes = serde_json::json!({ "data": { "examples": examples } });
        Run::new(spec(changes), Some(&all_digits())).unwrap()
    };
    let [all, few] = [4000, 20].map(run);
    assert_eq!((all.training().len(), all.held_out().len()), (1437, 360));
    assert_eq!(few.training().len(), 20);
    assert_eq!(few.held_out(), all.held_out());
}

#[test]
fn a_run_in_parts_is_the_run_in_one() {
    let digits = digits();
    let spec = spec(serde_json::json!({
        "data": { "shift": true }, "network": { "dropout": 0.3, "norm": "batch" },
        "training": { "optimizer": "adam", "learningRate": 0.002, "schedule": "cosine", "l1": 1e-5 }
    }));
    let mut whole = Run::new(spec.clone(), Some(&digits)).unwrap();
    whole.advance(75, &[]).unwrap();
    let mut parts = Run::new(spec, Some(&digits)).unwrap();
    for until in [1, 7, 50, 75] {
        parts.advance(until, &[]).unwrap();
    }
    assert_eq!(whole.records(), parts.records());
    assert_eq!(
        whole.trainer().snapshot().unwrap(),
        parts.trainer().snapshot().unwrap()
    );
}

#[test]
fn a_change_of_the_rate_in_the_past_gives_the_run_that_had_it_from_the_start() {
    let digits = digits();
    let drop = |step| RateChange { step, factor: 0.1 };
    let fresh = |until, changes: &[RateChange]| {
        let mut run = Run::new(spec(serde_json::json!({})), Some(&digits)).unwrap();
        run.advance(until, changes).unwrap();
        run
    };
    let mut run = fresh(60, &[]);
    for changes in [
        &[drop(33)][..],
        &[drop(33), drop(47)],
        &[drop(12)],
        &[],
        &[drop(60)],
    ] {
        run.advance(60, changes).unwrap();
        let other = fresh(60, changes);
        assert_eq!(run.records(), other.records(), "{changes:?}");
        assert_eq!(
            run.trainer().snapshot().unwrap(),
            other.trainer().snapshot().unwrap()
        );
    }
    assert!((run.rate(60).unwrap() - 0.002).abs() < 1e-12);
}

#[test]
fn a_loss_that_is_no_number_stops_the_run_and_a_lower_rate_revives_it() {
    let digits = digits();
    let wild = spec(serde_json::json!({
        "network": { "activation": "leaky_relu" }, "training": { "learningRate": 1e5 }
    }));
    let mut run = Run::new(wild, Some(&digits)).unwrap();
    run.advance(100, &[]).unwrap();
    let stopped = run.stopped().unwrap();
    assert!(stopped < 100 && run.step() == stopped);
    run.advance(
        100,
        &[RateChange {
            step: 0,
            factor: 1e-7,
        }],
    )
    .unwrap();
    assert_eq!((run.stopped(), run.step()), (None, 100));
}

#[test]
fn old_steps_are_thinned_out_and_can_be_looked_at() {
    let digits = digits();
    let mut run = Run::new(spec(serde_json::json!({})), Some(&digits)).unwrap();
    run.advance(45, &[]).unwrap();
    let saved = run.saved().collect::<Vec<_>>();
    assert_eq!(saved, [0, 10, 20, 30, 40]);
    let (trainer, step) = run.at(25).unwrap();
    assert_eq!(step, 20);
    let mut other = Run::new(run.spec().clone(), Some(&digits)).unwrap();
    other.advance(20, &[]).unwrap();
    assert_eq!(
        trainer.snapshot().unwrap(),
        other.trainer().snapshot().unwrap()
    );
    assert_eq!(run.at(1000).unwrap().1, 45);
    run.thin_out_to(4);
    run.advance(150, &[]).unwrap();
    let saved = run.saved().collect::<Vec<_>>();
    assert!(
        saved.len() <= 4 && saved[0] == 0 && saved.is_sorted(),
        "{saved:?}"
    );
}

#[test]
fn runs_that_differ_in_the_optimiser_share_weights_batches_and_data() {
    let digits = digits();
    let make = |changes| Run::new(spec(changes), Some(&digits)).unwrap();
    let sgd = make(serde_json::json!({}));
    let adam = make(serde_json::json!({ "training": { "optimizer": "adam" } }));
    assert_eq!(
        sgd.records()[0].held_out_loss,
        adam.records()[0].held_out_loss
    );
    for step in [0, 7, 8, 20] {
        assert_eq!(sgd.batch(step), adam.batch(step));
    }
    let elu = make(serde_json::json!({ "network": { "activation": "elu" } }));
    let weights = |run: &Run| {
        let parameters = run.trainer().network().parameters().unwrap().into_iter();
        parameters
            .map(|(_, _, values)| values.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(weights(&sgd), weights(&elu));
    let other = make(serde_json::json!({ "seed": 2 }));
    assert_ne!(weights(&sgd), weights(&other));
    assert_ne!(sgd.batch(0), other.batch(0));
}

#[test]
fn an_epoch_takes_every_example_once() {
    let run = Run::new(
        spec(serde_json::json!({ "data": { "set": "stripes", "examples": 70 }, "training": { "batch": 32 } })),
        None,
    )
    .unwrap();
    assert_eq!(run.epoch_steps(), 3);
    for epoch in 0..2 {
        let batches = (0..3).map(|place| run.batch(3 * epoch + place));
        let mut seen = batches
            .flat_map(|batch| {
                batch
                    .inputs
                    .outer_iter()
                    .map(|picture| picture.sum().to_bits())
                    .collect::<Vec<_>>()
            })
            .collect::<Vec<_>>();
        let mut all = run
            .training()
            .inputs
            .outer_iter()
            .map(|picture| picture.sum().to_bits())
            .collect::<Vec<_>>();
        seen.sort_unstable();
        all.sort_unstable();
        assert_eq!(seen, all);
    }
    assert_ne!(run.batch(0), run.batch(3));
}

/// Each value of each setting once or more, in as few runs as that takes.
#[test]
fn every_network_runs_on_every_set() {
    let digits = digits();
    for (set, kind, pooling, norm, depth, skips) in [
        ("digits", "cnn", "blurred", "layer", 6, false),
        ("digits_from5", "separable", "strided", "batch", 4, true),
        ("stripes", "linear", "max", "none", 1, false),
        ("shapes", "cnn", "average", "group", 3, true),
        ("dot", "dense", "max", "none", 2, false),
        ("color_and_shape", "separable", "max", "none", 2, false),
    ] {
        let spec = spec(serde_json::json!({
            "data": { "set": set, "examples": 12 },
            "network": {
                "kind": kind, "pooling": pooling, "norm": norm, "depth": depth, "skips": skips,
                "dropout": 0.2
            }
        }));
        let mut run = Run::new(spec, Some(&digits)).unwrap();
        run.advance(2, &[]).unwrap();
        let facts = super::Facts::of(&run).unwrap();
        let inside = super::Inside::of(&run, 2, crate::render::color::Theme::Light).unwrap();
        let with_kernels = facts
            .layers
            .iter()
            .filter(|layer| !layer.id.starts_with("norm"));
        let ids = inside.layers.iter().map(|layer| &layer.id);
        assert!(ids.eq(with_kernels.map(|layer| &layer.id)), "{set} {kind}");
        let answered = inside.confusion.iter().flatten().sum::<usize>();
        assert_eq!(answered, run.held_out().len());
        let right = (0..run.training().classes).map(|class| inside.confusion[class][class]);
        assert_eq!(right.sum::<usize>() + inside.mistakes, answered);
        let (trainer, _) = run.at(2).unwrap();
        let measured = super::measured::Measured::of(&trainer, run.held_out()).unwrap();
        let wrong = inside.mistakes as f64 / answered as f64;
        assert!((1.0 - wrong - measured.accuracy).abs() < 1e-12);
        assert_eq!(
            inside.layers[0].histogram.iter().sum::<usize>(),
            weights_of(&run, 0).len()
        );
        let dead_or_not = inside
            .layers
            .iter()
            .all(|layer| layer.dead.is_none_or(|dead| dead <= layer.units));
        assert!(dead_or_not);
    }
}

fn weights_of(run: &Run, idx: usize) -> ndarray::ArrayD<f32> {
    run.trainer().snapshot().unwrap().weights[idx].2.clone()
}

#[test]
fn what_was_learned_on_other_digits_stays_if_frozen() {
    let digits = digits();
    let make = |start: &str| {
        let changes = serde_json::json!({
            "data": { "set": "digits_from5", "examples": 30 },
            "network": { "kind": "dense", "depth": 1, "width": 4, "start": start }
        });
        let mut run = Run::new(spec(changes), Some(&digits)).unwrap();
        let first = run.trainer().snapshot().unwrap().weights;
        run.advance(10, &[]).unwrap();
        (first, run.trainer().snapshot().unwrap().weights)
    };
    let (frozen_first, frozen) = make("frozen");
    let (tuned_first, tuned) = make("fine_tuned");
    let (scratch_first, _) = make("scratch");
    assert_eq!(frozen_first, tuned_first);
    assert_ne!(frozen_first[0], scratch_first[0]);
    let last = frozen.len() - 2;
    assert_eq!(frozen_first[..last], frozen[..last]);
    assert_ne!(frozen_first[last], frozen[last]);
    assert_eq!(frozen_first[last], scratch_first[last]);
    assert_ne!(tuned_first[0], tuned[0]);
}

#[test]
fn wrong_settings_are_refused_by_name() {
    let digits = digits();
    for (changes, argument) in [
        (serde_json::json!({ "data": { "examples": 0 } }), "examples"),
        (
            serde_json::json!({ "data": { "labelNoise": 1.5 } }),
            "labelNoise",
        ),
        (serde_json::json!({ "network": { "depth": 13 } }), "depth"),
        (serde_json::json!({ "network": { "width": 1000 } }), "width"),
        (
            serde_json::json!({ "network": { "dropout": 1 } }),
            "dropout",
        ),
        (
            serde_json::json!({ "network": { "activation": "sine" } }),
            "activation",
        ),
        (
            serde_json::json!({ "network": { "start": "frozen" } }),
            "network.start",
        ),
        (serde_json::json!({ "training": { "batch": 0 } }), "batch"),
        (
            serde_json::json!({ "training": { "learningRate": -1 } }),
            "learningRate",
        ),
        (
            serde_json::json!({ "training": { "momentum": 2 } }),
            "momentum",
        ),
    ] {
        let refused = Run::new(spec(changes), Some(&digits))
            .unwrap_err()
            .to_string();
        assert!(refused.contains(argument), "{argument}: {refused}");
    }
    let refused = Run::new(spec(serde_json::json!({})), None)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("digits"), "{refused}");
}

#[test]
fn a_drawn_one_is_read() {
    let digits = digits();
    let mut run = Run::new(spec(serde_json::json!({})), Some(&digits)).unwrap();
    run.advance(10, &[]).unwrap();
    let mut rgba = vec![255; 4 * 64 * 64];
    for row in 8..56 {
        for col in 28..36 {
            let at = 4 * (64 * row + col);
            rgba[at..at + 3].fill(0);
        }
    }
    let drawing = crate::data::picture::Picture::new("picture", 64, 64, rgba).unwrap();
    let super::sketch::SketchAnswer {
        probabilities: shares,
        input,
    } = super::sketch::answer(&run, run.trainer(), &drawing).unwrap();
    assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    // As high as the digits are, and in the middle.
    assert_eq!((input.height, input.width), (8, 8));
    let grey = |row: usize, col: usize| input.rgba[4 * (8 * row + col)];
    assert!((0..8).all(|row| grey(row, 3) > 100 && grey(row, 0) == 0));
    let blank =
        crate::data::picture::Picture::new("picture", 64, 64, vec![255; 4 * 64 * 64]).unwrap();
    assert!(super::sketch::answer(&run, run.trainer(), &blank).is_err());
}

#[test]
fn the_terms_of_a_gradient_add_up_to_what_the_loss_says() {
    let digits = digits();
    for changes in [
        serde_json::json!({ "network": { "activation": "elu" } }),
        serde_json::json!({ "network": { "activation": "tanh", "pooling": "strided", "norm": "layer", "depth": 3 } }),
    ] {
        let mut run = Run::new(spec(changes), Some(&digits)).unwrap();
        run.advance(5, &[]).unwrap();
        let question = super::slowly::Question {
            step: 5,
            example: 3,
            kernel: 1,
            cell: [1, 2],
        };
        let slowly =
            super::slowly::Slowly::of(&run, question, crate::render::color::Theme::Light).unwrap();
        let weight = slowly.weight.unwrap();
        assert!(
            (weight.sum - weight.check).abs() < 1e-7 * (1.0 + weight.sum.abs()),
            "{weight:?}"
        );
        assert!(weight.sum != 0.0 && weight.count == weight.terms.width * weight.terms.height);
        let label = slowly.label;
        assert!((slowly.loss + slowly.probabilities[label].ln()).abs() < 1e-9);
        for (class, d_logit) in slowly.d_logits.iter().enumerate() {
            let expected = slowly.probabilities[class] - f64::from(u8::from(class == label));
            assert!((d_logit - expected).abs() < 1e-9);
        }
        assert_eq!(slowly.stages[0].id, "conv1");
        assert_eq!(slowly.stages[0].map, 1);
        let refused = super::slowly::Question {
            kernel: 2,
            ..question
        };
        assert!(
            super::slowly::Slowly::of(&run, refused, crate::render::color::Theme::Light).is_err()
        );
    }
}

#[test]
fn plain_descent_moves_a_weight_by_the_rate_times_its_gradient() {
    let digits = digits();
    let changes = serde_json::json!({ "training": { "momentum": 0 } });
    let run = Run::new(spec(changes), Some(&digits)).unwrap();
    let question = super::slowly::Question {
        step: 0,
        example: 0,
        kernel: 0,
        cell: [0, 0],
    };
    let slowly =
        super::slowly::Slowly::of(&run, question, crate::render::color::Theme::Dark).unwrap();
    let weight = slowly.weight.unwrap();
    assert!((weight.before - weight.rate * weight.sum - weight.after).abs() < 1e-7);
}
