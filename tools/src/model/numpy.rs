//! Arrays of a NumPy archive (`.npz`: a zip of `.npy`, format version 1 to 3).

use std::io::Cursor;

use zip::ZipArchive;

use super::package::read_entry;

/// First bytes of an array's file.
const MAGIC: &[u8] = b"\x93NUMPY";

/// An archive of arrays.
pub struct Arrays {
    archive: ZipArchive<Cursor<Vec<u8>>>,
}

impl Arrays {
    /// Opens an archive.
    pub fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        Ok(Self { archive })
    }

    /// An array of f32 and its shape.
    pub fn reals(&mut self, name: &str) -> Result<(Vec<f32>, Vec<usize>), String> {
        let (bytes, shape) = self.array(name, "<f4", 4)?;
        let words = bytes.as_chunks::<4>().0.iter();
        Ok((words.map(|word| f32::from_le_bytes(*word)).collect(), shape))
    }

    /// An array of u8 and its shape.
    pub fn bytes(&mut self, name: &str) -> Result<(Vec<u8>, Vec<usize>), String> {
        self.array(name, "|u1", 1)
    }

    /// A single f64.
    pub fn double(&mut self, name: &str) -> Result<f64, String> {
        let (bytes, _) = self.array(name, "<f8", 8)?;
        let word = bytes
            .first_chunk()
            .ok_or_else(|| format!("{name} is empty"))?;
        Ok(f64::from_le_bytes(*word))
    }

    fn array(
        &mut self,
        name: &str,
        kind: &str,
        width: usize,
    ) -> Result<(Vec<u8>, Vec<usize>), String> {
        let mut bytes = read_entry(&mut self.archive, &format!("{name}.npy"))?;
        let (shape, begin) = header(&bytes, kind).map_err(|error| format!("{name}: {error}"))?;
        bytes.drain(..begin);
        if bytes.len() != shape.iter().product::<usize>() * width {
            return Err(format!("{name}: not as long as its shape {shape:?}"));
        }
        Ok((bytes, shape))
    }
}

/// Shape of an array and where its numbers begin. `kind`: what NumPy calls the type wanted.
fn header(bytes: &[u8], kind: &str) -> Result<(Vec<usize>, usize), String> {
    let rest = bytes.strip_prefix(MAGIC).ok_or("not an array")?;
    let (start, length) = match *rest {
        [1, _, low, high, ..] => (10, usize::from(u16::from_le_bytes([low, high]))),
        [2 | 3, _, a, b, c, d, ..] => (12, u32::from_le_bytes([a, b, c, d]) as usize),
        _ => return Err("an array of an unknown version".into()),
    };
    let text = bytes
        .get(start..start + length)
        .ok_or("the header ends early")?;
    let text = String::from_utf8_lossy(text);
    if !text.contains(&format!("'descr': '{kind}'")) || !text.contains("'fortran_order': False") {
        return Err(format!(
            "want an array of {kind} row by row, found {}",
            text.trim()
        ));
    }
    let shape = text
        .split_once("'shape': (")
        .and_then(|(_, rest)| rest.split_once(')'));
    let (shape, _) = shape.ok_or("no shape")?;
    let numbers = shape
        .split(',')
        .map(str::trim)
        .filter(|number| !number.is_empty());
    let shape = numbers.map(|number| number.parse().map_err(|_| format!("no length: {number}")));
    Ok((shape.collect::<Result<_, _>>()?, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(header: &str, numbers: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(numbers);
        bytes
    }

    #[test]
    fn a_shape_is_read() {
        let bytes = array(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
            &[0; 24],
        );
        let (shape, begin) = header(&bytes, "<f4").expect("an array");
        assert_eq!(shape, [2, 3]);
        assert_eq!(bytes.len() - begin, 24);
    }

    #[test]
    fn other_types_and_orders_are_refused() {
        let other = array(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
            &[0; 8],
        );
        assert!(header(&other, "<f4").is_err());
        let columns = array(
            "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }",
            &[0; 8],
        );
        assert!(header(&columns, "<f4").is_err());
        assert!(header(b"\x93NUMPY\x01\x00\xff\xff", "<f4").is_err());
        assert!(header(b"PK", "<f4").is_err());
    }
}
