//! One error for the whole crate: which operator refused, what it expected, what it got.
//!
//! Every variant has a stable `code` and named details, so that a front end can say the
//! sentence in the learner's language; [`std::fmt::Display`] says it in English.

pub(crate) mod range;

use serde::Serialize;

pub(crate) use range::check_range;

/// The spatial axis an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Rows, the third axis of NCHW.
    #[error("height")]
    Height,
    /// Columns, the fourth axis of NCHW.
    #[error("width")]
    Width,
}

/// Why an operator refused its input. `operator` is the public name of the refusing function.
///
/// Serialises to `{ code, operator, ...details }`; codes never change once released.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[serde(
    tag = "code",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Error {
    /// The dilated kernel does not fit into the padded input.
    #[error(
        "{operator}: the kernel covers {window} along the {axis}, but the padded input has only {input}"
    )]
    WindowTooLarge {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Axis along which the window does not fit.
        axis: Axis,
        /// Extent of the dilated kernel in input pixels.
        window: usize,
        /// Extent of the padded input in pixels.
        input: usize,
    },
    /// Reflected or circular padding would need more pixels than the input has.
    #[error("{operator}: {mode} padding along the {axis} can be at most {limit}, got {got}")]
    PaddingTooLarge {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Axis along which the padding is too large.
        axis: Axis,
        /// The padding mode's name.
        mode: &'static str,
        /// Largest padding that this mode allows for this input, in pixels.
        limit: usize,
        /// The padding asked for, in pixels.
        got: usize,
    },
    /// Two arguments disagree on the number of channels.
    #[error("{operator}: {argument} must have {expected} channels, got {got}")]
    ChannelMismatch {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument that disagrees.
        argument: &'static str,
        /// Channels it must have.
        expected: usize,
        /// Channels it has.
        got: usize,
    },
    /// The channels cannot be divided evenly among the groups.
    #[error(
        "{operator}: {channels} {argument} channels cannot be split into {groups} equal groups"
    )]
    GroupsMismatch {
        /// Public name of the refusing function.
        operator: &'static str,
        /// `input` or `output`.
        argument: &'static str,
        /// Number of channels.
        channels: usize,
        /// Number of groups.
        groups: usize,
    },
    /// An array has the wrong shape or length.
    #[error("{operator}: {argument} must have shape {expected}, got {got}")]
    ShapeMismatch {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument with the wrong shape.
        argument: &'static str,
        /// The shape it must have, in words or numbers.
        expected: String,
        /// The shape it has.
        got: String,
    },
    /// A number lies outside its range.
    #[error("{operator}: {argument} must be between {min} and {max}, got {got}")]
    OutOfRange {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument out of range.
        argument: &'static str,
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
        /// The value given.
        got: f64,
    },
    /// A number is NaN or infinite.
    #[error("{operator}: {argument} must be a finite number, got {got}")]
    NotFinite {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument that is not finite.
        argument: &'static str,
        /// What was given, as written.
        got: String,
    },
    /// A value has the wrong type.
    #[error("{operator}: {argument} must be {expected}, got {got}")]
    WrongType {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument of the wrong type, by its path if it lies within another.
        argument: String,
        /// The type expected, in words.
        expected: String,
        /// The type or value given, in words.
        got: String,
    },
    /// A name is not one of those known.
    #[error("{operator}: {argument} must be one of {expected}, got {got}")]
    UnknownName {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument that holds the name, by its path if it lies within another.
        argument: String,
        /// The names known, separated by commas.
        expected: String,
        /// The name given.
        got: String,
    },
    /// The work would need more memory than the budget allows.
    #[error("{operator}: would need {needed} bytes, more than the budget of {limit}")]
    TooLarge {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The budget in bytes.
        limit: usize,
        /// The need in bytes; `usize::MAX` if it cannot even be counted.
        needed: usize,
    },
    /// A pasted matrix holds no numbers at all.
    #[error("{operator}: expected a matrix of numbers, got empty text")]
    TextEmpty {
        /// Public name of the refusing function.
        operator: &'static str,
    },
    /// A pasted matrix holds a word where a number should stand.
    #[error("{operator}: expected a number in row {row}, column {column}, got {got}")]
    TextNotANumber {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Row, from 1.
        row: usize,
        /// Column, from 1.
        column: usize,
        /// The text found, shortened.
        got: String,
    },
    /// A pasted matrix has a bracket, a word or a sign where none belongs.
    #[error("{operator}: expected {expected} in row {row}, got {got}")]
    TextUnexpected {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Row being read, from 1.
        row: usize,
        /// What could stand there, such as `]`.
        expected: &'static str,
        /// The text found, shortened, or `end of text`.
        got: String,
    },
    /// A typed number is not one.
    #[error("{operator}: expected a number, got {got:?}")]
    NotANumber {
        /// Public name of the refusing function.
        operator: &'static str,
        /// What was typed, shortened.
        got: String,
    },
    /// A pasted matrix has rows of different lengths.
    #[error("{operator}: row {row} should have {expected} numbers like the first, got {got}")]
    TextRagged {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The first row that differs, from 1.
        row: usize,
        /// Length of the first row.
        expected: usize,
        /// Length of this row.
        got: usize,
    },
    /// A pasted text is too long to be read.
    #[error("{operator}: expected at most {limit} bytes of text, got {got}")]
    TextTooLong {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Longest text read, in bytes of UTF-8.
        limit: usize,
        /// Length of the text, in bytes of UTF-8.
        got: usize,
    },
    /// A pasted text has more brackets within one another than any matrix needs.
    #[error("{operator}: expected at most {limit} nested brackets")]
    TextTooDeep {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Deepest nesting read.
        limit: usize,
    },
    /// A pasted text holds several matrices, such as a weight with several channels.
    #[error("{operator}: expected one matrix, got several")]
    TextSeveralMatrices {
        /// Public name of the refusing function.
        operator: &'static str,
    },
    /// A pasted matrix is larger than a kernel may be.
    #[error("{operator}: expected a matrix of at most {limit} x {limit}, got {rows} x {columns}")]
    TextTooLarge {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Most rows and columns allowed.
        limit: usize,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// A pasted matrix holds a number too large for a weight.
    #[error("{operator}: row {row}, column {column} must be between {min} and {max}, got {got}")]
    TextOutOfRange {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Row, from 1.
        row: usize,
        /// Column, from 1.
        column: usize,
        /// Smallest weight allowed.
        min: f64,
        /// Largest weight allowed.
        max: f64,
        /// The number, times the factors of the matrix.
        got: f64,
    },
    /// A divisor is zero, so the kernel cannot be normalised this way.
    #[error("{operator}: cannot scale the kernel to {target}, its {quantity} is 0")]
    NotNormalisable {
        /// Public name of the refusing function.
        operator: &'static str,
        /// What the kernel should be scaled to, such as `sum 1`.
        target: &'static str,
        /// The quantity that is zero, such as `sum`.
        quantity: &'static str,
    },
    /// A layer of a network cannot be built.
    #[error("{operator}: layer {layer}: {reason}")]
    Layer {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The layer's id, shortened.
        layer: String,
        /// What its operator says.
        reason: Box<Error>,
    },
    /// Two layers of a network have one name, or a layer is named as the input is.
    #[error("{operator}: every layer needs a name of its own, but {layer} stands twice")]
    LayerRepeated {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The id, shortened.
        layer: String,
    },
    /// A layer takes its input from one that is not there.
    #[error("{operator}: there is no layer {input}")]
    LayerUnknown {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The id that nothing has, shortened.
        input: String,
    },
    /// A part of a network's spec does not say what it should.
    #[error("{operator}: cannot read {part}: {reason}")]
    SpecUnreadable {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Which part: the input, or a layer by its place and id.
        part: String,
        /// What is missing or wrong, in English.
        reason: String,
    },
    /// Layers take their inputs from one another in a circle.
    #[error("{operator}: the layers {layers} take their inputs from one another in a circle")]
    LayerCycle {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The ids along the circle, shortened, the first once more at the end.
        layers: String,
    },
    /// Inputs that meet in one layer do not fit together.
    #[error(
        "{operator}: {first} has the shape {first_shape} and {second} the shape {second_shape}, which do not fit together"
    )]
    ShapesDiffer {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Id of the first input, shortened.
        first: String,
        /// Its shape without the batch; `?` for an extent that is not known.
        first_shape: String,
        /// Id of the input that differs, shortened.
        second: String,
        /// Its shape.
        second_shape: String,
    },
    /// There are more or fewer of something than allowed.
    #[error("{operator}: expected {min} to {max} {argument}, got {got}")]
    WrongCount {
        /// Public name of the refusing function.
        operator: &'static str,
        /// What is counted, in the plural.
        argument: &'static str,
        /// Fewest allowed.
        min: usize,
        /// Most allowed.
        max: usize,
        /// How many there are.
        got: usize,
    },
}

/// The first `length` characters of a text that an error quotes, enough to find it again.
pub(crate) fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// The crate's result: a value or an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;
