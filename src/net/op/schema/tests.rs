use super::*;
use crate::net::graph::Graph;
use serde_json::{Map, Value, json};

type Options = Map<String, Value>;

/// The options with what they start with, as they stand in a spec.
fn initial_options(operator: &OperatorSchema, all: bool) -> Options {
    let options = operator
        .options
        .iter()
        .filter(|option| all || option.required);
    options.filter_map(with_initial).collect()
}

fn with_initial(option: &OptionSchema) -> Option<(String, Value)> {
    let initial = &serde_json::to_value(option).unwrap()["initial"];
    (!initial.is_null()).then(|| (option.name.to_owned(), initial.clone()))
}

fn read(operator: &OperatorSchema, mut options: Options) -> Result<Op, String> {
    options.insert("op".into(), operator.op.into());
    serde_json::from_value(Value::Object(options)).map_err(|error| error.to_string())
}

/// The names that an error of serde lists as expected.
fn expected(error: &str) -> Vec<&str> {
    let (_, list) = error.split_once(" expected ").unwrap_or_default();
    list.split('`').skip(1).step_by(2).collect()
}

/// Refuses a layer with these options, or accepts it in a network.
fn accepted(operator: &OperatorSchema, options: &Options) -> Result<(), String> {
    let op = read(operator, options.clone())?;
    let mut layers = vec![json!({ "id": "before", "op": "activation", "kind": "relu" })];
    if operator.op == "dense" {
        layers.push(json!({ "id": "flat", "op": "flatten" }));
    }
    let mut layer = serde_json::to_value(&op).unwrap();
    layer["id"] = "layer".into();
    layers.push(layer);
    let input = json!({ "channels": 16, "height": 24, "width": 20 });
    let spec = json!({ "input": input, "layers": layers });
    let spec = serde_json::from_value(spec).map_err(|error| error.to_string())?;
    Graph::new(&spec)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

#[test]
fn the_operators_are_those_that_serde_reads() {
    let error = serde_json::from_value::<Op>(json!({ "op": "?" })).unwrap_err();
    let names = schema()
        .iter()
        .map(|operator| operator.op)
        .collect::<Vec<_>>();
    assert_eq!(names, expected(&error.to_string()));
}

#[test]
fn the_options_are_those_that_serde_reads() {
    for operator in schema() {
        let mut options = initial_options(&operator, false);
        options.insert("?".into(), 0.into());
        let error = read(&operator, options).unwrap_err();
        assert!(error.contains("unknown field"), "{error}");
        let names = operator.options.iter().map(|option| option.name);
        assert_eq!(
            names.collect::<Vec<_>>(),
            expected(&error),
            "{}",
            operator.op
        );
    }
}

#[test]
fn what_is_not_required_has_the_default_that_serde_gives_it() {
    for operator in schema() {
        let read = read(&operator, initial_options(&operator, false)).unwrap();
        let written = serde_json::to_value(read).unwrap();
        for option in &operator.options {
            let initial = with_initial(option).map(|(_, initial)| initial);
            let got = written.get(option.name);
            assert_eq!(got, initial.as_ref(), "{}: {}", operator.op, option.name);
        }
    }
}

#[test]
fn what_is_required_may_not_be_left_out() {
    for operator in schema() {
        for option in operator.options.iter().filter(|option| option.required) {
            let mut options = initial_options(&operator, true);
            options.remove(option.name);
            let error = read(&operator, options).unwrap_err();
            assert!(error.contains("missing field"), "{error}");
        }
    }
}

#[test]
fn a_layer_with_the_initial_options_fits_into_a_network() {
    for operator in schema() {
        let options = initial_options(&operator, true);
        assert_eq!(accepted(&operator, &options), Ok(()), "{}", operator.op);
    }
}

/// Values of an option that lie within its range or outside.
fn probes(kind: &OptionKind) -> (Vec<Value>, Vec<Value>) {
    let beyond = |[min, max]: [usize; 2]| vec![json!(min as i64 - 1), json!(max + 1)];
    match kind {
        OptionKind::Whole { range, .. } => (vec![json!(range[0])], beyond(*range)),
        OptionKind::Pair { range, .. } => {
            let [min, max] = *range;
            let pairs = [json!([min, max + 1]), json!([max + 1, min])];
            let inside = vec![json!(min), json!([min, min])];
            (inside, [beyond(*range), pairs.to_vec()].concat())
        }
        OptionKind::Sides { range, .. } => {
            let min = range[0];
            let inside = vec![json!(min), json!([min, min]), json!([min, min, min, min])];
            (inside, beyond(*range))
        }
        OptionKind::Padding { range, names, .. } => {
            let named = names.iter().map(|&name| json!(name));
            let inside = named.chain([json!(range[0])]).collect();
            (inside, [beyond(*range), vec![json!("?")]].concat())
        }
        OptionKind::Number { range, .. } => {
            let [min, max] = *range;
            let outside = [min.next_down(), max.next_up()].into_iter();
            let outside = outside.filter(|value| value.is_finite()).map(Value::from);
            (vec![json!(min), json!(max)], outside.collect())
        }
        OptionKind::Flag { .. } => (vec![json!(true), json!(false)], vec![json!("true")]),
        OptionKind::Choice { names, .. } => (
            names.iter().map(|&name| json!(name)).collect(),
            vec![json!("?")],
        ),
        OptionKind::Connections => (vec![json!(vec![[0, 3]; 16])], vec![json!([[]])]),
    }
}

#[test]
fn values_within_a_range_are_accepted_and_others_refused() {
    for operator in schema() {
        for option in &operator.options {
            let with = |value: &Value| {
                let mut options = initial_options(&operator, true);
                if option.name == "p" {
                    // The exponent is that of a norm.
                    options.insert("kind".into(), "lp".into());
                }
                options.insert(option.name.into(), value.clone());
                accepted(&operator, &options)
            };
            let (inside, outside) = probes(&option.kind);
            for value in inside {
                assert_eq!(
                    with(&value),
                    Ok(()),
                    "{}: {} {value}",
                    operator.op,
                    option.name
                );
            }
            for value in outside {
                assert!(
                    with(&value).is_err(),
                    "{}: {} {value}",
                    operator.op,
                    option.name
                );
            }
        }
    }
}
