//! `{ shape, data }` to and from arrays.

use js_sys::{Float32Array, Int32Array};
use ndarray::{Array, Array1, Array2, Array4, ArrayD, ArrayView, Dimension, IxDyn};
use wasm_bindgen::JsValue;

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::wasm::boundary::read::{self, Fields, wholes, wrong_type};
use crate::wasm::boundary::write::{self, object};

/// Most axes of a tensor: ONNX's longest test has 7.
const MAX_AXES: usize = 16;

/// Reads a tensor of any number of axes.
///
/// # Errors
/// [`Error::WrongType`], [`Error::ShapeMismatch`] or [`Error::TooLarge`] naming `argument`.
pub(crate) fn read_tensor(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<ArrayD<f32>> {
    Header::read(operator, argument, value)?.floats()
}

/// Reads a tensor of two axes.
///
/// # Errors
/// As [`read_tensor`].
pub(crate) fn read_tensor2(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<Array2<f32>> {
    read_axes(operator, argument, value, "[n, features]")
}

/// Reads a tensor of four axes.
///
/// # Errors
/// As [`read_tensor`].
pub(crate) fn read_tensor4(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<Array4<f32>> {
    read_axes(operator, argument, value, "[4 axes]")
}

fn read_axes<D: Dimension>(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
    expected: &str,
) -> Result<Array<f32, D>> {
    let header = Header::read(operator, argument, value)?;
    let got = format!("{:?}", header.shape);
    if D::NDIM != Some(header.shape.len()) {
        return Err(mismatch(operator, argument, expected.into(), got));
    }
    let tensor = header.floats()?.into_dimensionality();
    tensor.map_err(|_| mismatch(operator, argument, expected.into(), got))
}

/// Reads a tensor of one axis; its values alone will do.
///
/// # Errors
/// As [`read_tensor`].
pub(crate) fn read_vector(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<Array1<f32>> {
    if read::is_list(value) {
        return Ok(Array1::from_vec(read::floats(operator, argument, value)?));
    }
    read_axes(operator, argument, value, "[1 axis]")
}

/// Reads an array of tensors, which must fit into the memory budget together.
///
/// # Errors
/// As [`read_tensor`].
pub(crate) fn read_tensors(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<Vec<ArrayD<f32>>> {
    let headers = read::array(operator, argument, value)?
        .iter()
        .map(|item| Header::read(operator, argument, item))
        .collect::<Result<Vec<_>>>()?;
    let shapes = headers
        .iter()
        .map(|header| &header.shape[..])
        .collect::<Vec<_>>();
    check_budget(operator, &shapes)?;
    headers.into_iter().map(Header::floats).collect()
}

/// Reads a tensor of whole numbers, such as class indices or the places of maxima.
///
/// # Errors
/// As [`read_tensor`].
pub(crate) fn read_indices(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<ArrayD<i32>> {
    Header::read(operator, argument, value)?.indices()
}

/// Reads a tensor of whole numbers, or a plain list of them as a tensor of one axis.
///
/// # Errors
/// As [`read_tensor`].
pub(crate) fn read_index_list(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<ArrayD<i32>> {
    if read::is_list(value) {
        let list = read::integers(operator, argument, value)?;
        return Ok(Array::from_vec(list).into_dyn());
    }
    read_indices(operator, argument, value)
}

/// Writes a tensor.
pub(crate) fn write_tensor<D: Dimension>(tensor: ArrayView<f32, D>) -> JsValue {
    let data = match tensor.as_slice() {
        Some(values) => Float32Array::from(values),
        None => Float32Array::from(&tensor.iter().copied().collect::<Vec<_>>()[..]),
    };
    with_shape(tensor.shape(), data.into())
}

/// Writes an array of tensors.
pub(crate) fn write_tensors(tensors: &[ArrayD<f32>]) -> JsValue {
    write::array(tensors.iter().map(|tensor| write_tensor(tensor.view())))
}

/// Writes a tensor of indices.
pub(crate) fn write_indices<D: Dimension>(tensor: ArrayView<i32, D>) -> JsValue {
    let values = tensor.iter().copied().collect::<Vec<_>>();
    with_shape(tensor.shape(), Int32Array::from(&values[..]).into())
}

fn with_shape(shape: &[usize], data: JsValue) -> JsValue {
    object([
        ("shape", write::array(shape.iter().copied())),
        ("data", data),
    ])
}

/// A tensor whose shape is checked and whose data has not been copied yet.
struct Header {
    operator: &'static str,
    argument: &'static str,
    shape: Vec<usize>,
    data: JsValue,
}

impl Header {
    fn read(operator: &'static str, argument: &'static str, value: &JsValue) -> Result<Self> {
        if !value.is_object() {
            let expected = "a tensor { shape, data }";
            return Err(wrong_type(operator, argument, expected, value));
        }
        let fields = Fields::new(operator, value, &["shape", "data"])?;
        let shape = wholes(operator, "shape", &fields.get("shape")?)?;
        if shape.len() > MAX_AXES {
            let expected = format!("[at most {MAX_AXES} axes]");
            let got = format!("[{} axes]", shape.len());
            return Err(mismatch(operator, argument, expected, got));
        }
        check_budget(operator, &[&shape])?;
        let data = fields.get("data")?;
        Ok(Header {
            operator,
            argument,
            shape,
            data,
        })
    }

    fn floats(self) -> Result<ArrayD<f32>> {
        let values = read::floats(self.operator, "data", &self.data)?;
        self.shaped(values)
    }

    fn indices(self) -> Result<ArrayD<i32>> {
        let values = read::integers(self.operator, "data", &self.data)?;
        self.shaped(values)
    }

    fn shaped<T>(self, values: Vec<T>) -> Result<ArrayD<T>> {
        let got = format!("{} values", values.len());
        ArrayD::from_shape_vec(IxDyn(&self.shape), values).map_err(|_| {
            let expected = format!("{:?}", self.shape);
            mismatch(self.operator, self.argument, expected, got)
        })
    }
}

fn mismatch(
    operator: &'static str,
    argument: &'static str,
    expected: String,
    got: String,
) -> Error {
    Error::ShapeMismatch {
        operator,
        argument,
        expected,
        got,
    }
}
