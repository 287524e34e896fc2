//! One error type for the whole crate: which operator refused, what it expected and what it got.
//!
//! Every variant has a stable `code` and named details, from which a front end can build the
//! message in the user's language; [`std::fmt::Display`] builds it in English.

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
    /// The dilated kernel is larger than the padded input.
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
    /// The padding mode needs more pixels than the input has.
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
        /// The requested padding, in pixels.
        got: usize,
    },
    /// An argument has the wrong number of channels.
    #[error("{operator}: {argument} must have {expected} channels, got {got}")]
    ChannelMismatch {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument with the wrong number of channels.
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
    /// A number is out of range.
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
        /// The value given, as written.
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
    /// A name is unknown.
    #[error("{operator}: {argument} must be one of {expected}, got {got}")]
    UnknownName {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The argument that contains the name, by its path if it is nested in another.
        argument: String,
        /// The known names, separated by commas.
        expected: String,
        /// The name given.
        got: String,
    },
    /// The call needs more memory than the budget allows.
    #[error("{operator}: would need {needed} bytes, more than the budget of {limit}")]
    TooLarge {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The budget in bytes.
        limit: usize,
        /// The memory needed in bytes; `usize::MAX` if the number overflows.
        needed: usize,
    },
    /// A pasted matrix contains no numbers.
    #[error("{operator}: expected a matrix of numbers, got empty text")]
    TextEmpty {
        /// Public name of the refusing function.
        operator: &'static str,
    },
    /// A pasted matrix contains a word in place of a number.
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
    /// A pasted matrix has an unexpected bracket, word or sign.
    #[error("{operator}: expected {expected} in row {row}, got {got}")]
    TextUnexpected {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Current row, from 1.
        row: usize,
        /// What was expected there, such as `]`.
        expected: &'static str,
        /// The text found, shortened, or `end of text`.
        got: String,
    },
    /// A pasted text, or a part of it, can be read in two ways.
    #[error("{operator}: {got} can mean {first} or {second}")]
    TextAmbiguous {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The text in doubt, shortened.
        got: String,
        /// One reading.
        first: String,
        /// The other reading.
        second: String,
    },
    /// A typed number is not a number.
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
    /// A pasted text is too long.
    #[error("{operator}: expected at most {limit} bytes of text, got {got}")]
    TextTooLong {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Maximum length, in bytes of UTF-8.
        limit: usize,
        /// Length of the text, in bytes of UTF-8.
        got: usize,
    },
    /// A pasted text has more nested brackets than any matrix needs.
    #[error("{operator}: expected at most {limit} nested brackets")]
    TextTooDeep {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Maximum depth of nesting.
        limit: usize,
    },
    /// A pasted text contains several matrices, such as a weight tensor with several channels.
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
        /// Maximum number of rows and of columns.
        limit: usize,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// A pasted matrix contains a number that is too large for a weight.
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
        /// The number, multiplied by the factors of the matrix.
        got: f64,
    },
    /// The kernel cannot be normalised this way, because the divisor is zero.
    #[error("{operator}: cannot scale the kernel to {target}: its {quantity} is 0")]
    NotNormalisable {
        /// Public name of the refusing function.
        operator: &'static str,
        /// What to scale the kernel to, such as `sum 1`.
        target: &'static str,
        /// The quantity that is zero, such as `sum`.
        quantity: &'static str,
    },
    /// A layer of a network is invalid.
    #[error("{operator}: layer {layer}: {reason}")]
    Layer {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The layer's id, shortened.
        layer: String,
        /// The error of its operator.
        reason: Box<Error>,
    },
    /// Two layers of a network have the same id, or a layer has the id of the input.
    #[error("{operator}: duplicate layer id {layer}")]
    LayerRepeated {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The id, shortened.
        layer: String,
    },
    /// A layer takes its input from a layer that does not exist.
    #[error("{operator}: there is no layer {input}")]
    LayerUnknown {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The unknown id, shortened.
        input: String,
    },
    /// A part of a network's spec cannot be read.
    #[error("{operator}: cannot read {part}: {reason}")]
    SpecUnreadable {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Which part: the input, or a layer by its index and id.
        part: String,
        /// What is missing or wrong, in English.
        reason: String,
    },
    /// The layers form a cycle.
    #[error("{operator}: the layers {layers} form a cycle")]
    LayerCycle {
        /// Public name of the refusing function.
        operator: &'static str,
        /// The ids along the cycle, shortened; the first is repeated at the end.
        layers: String,
    },
    /// The inputs of a layer have shapes that do not match.
    #[error(
        "{operator}: {first} has shape {first_shape} and {second} has shape {second_shape}, which do not match"
    )]
    ShapesDiffer {
        /// Public name of the refusing function.
        operator: &'static str,
        /// Id of the first input, shortened.
        first: String,
        /// Its shape without the batch; `?` for an unknown extent.
        first_shape: String,
        /// Id of the input that differs, shortened.
        second: String,
        /// Its shape.
        second_shape: String,
    },
    /// There are too many or too few of something.
    #[error("{operator}: expected {min} to {max} {argument}, got {got}")]
    WrongCount {
        /// Public name of the refusing function.
        operator: &'static str,
        /// What is counted, in the plural.
        argument: &'static str,
        /// Minimum allowed.
        min: usize,
        /// Maximum allowed.
        max: usize,
        /// Actual number.
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

/// A value or an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;
