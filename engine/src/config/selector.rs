//! Which items a rule of a file is about, by what the item itself is.

/// Which items a rule is about: those that meet every list, each by any of its values. An empty list does not select.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Selector {
    /// Category paths; the whole subtree.
    pub categories: Vec<Vec<String>>,
    pub brands: Vec<String>,
    /// Ids of sellers, exactly as written.
    pub sellers: Vec<String>,
    pub tags: Vec<String>,
    pub items: Vec<String>,
    /// Countries of origin.
    pub origins: Vec<String>,
    /// Attribute name and value.
    pub attributes: Vec<(String, String)>,
}

/// An attribute as files write it: `{ name = "包裝", value = "木盒" }`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeRow {
    pub name: String,
    pub value: String,
}

impl AttributeRow {
    /// Name and value.
    pub fn pair(self) -> (String, String) {
        (self.name, self.value)
    }
}

/// Paths of category texts (`家電 > 雪櫃`).
pub fn category_paths(texts: &[String]) -> Vec<Vec<String>> {
    let levels = |text: &String| {
        text.split('>')
            .map(|level| level.trim().to_owned())
            .collect()
    };
    texts.iter().map(levels).collect()
}

/// Country codes as items hold them.
pub fn lower_case(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| code.to_ascii_lowercase()).collect()
}
