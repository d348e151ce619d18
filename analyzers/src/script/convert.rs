//! OpenCC's own conversions, by configuration name.

use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::{fmt, fs, io};

use opencc_rust::OpenCC;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rustc_hash::FxHashMap;

use crate::error::ConvertError;

include!(concat!(env!("OUT_DIR"), "/opencc_bundle.rs"));

/// Texts up to this long are remembered, bytes: queries, brands, categories, titles, but not descriptions.
const CACHED_TEXT_BYTES_MAX: usize = 512;
/// Room for remembered conversions, bytes: those of about 50,000 titles.
const CACHED_BYTES_MAX: u64 = 16 << 20;
/// What a remembered conversion takes beside its texts, and how much it takes on average, bytes.
const ENTRY_BYTES: u64 = 96;
const USUAL_BYTES: u64 = 320;

/// An OpenCC configuration, by name: `s2hk`, `tw2sp` …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Conversion(&'static str);

impl Conversion {
    /// Names of all configurations, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        OPENCC_FILES
            .iter()
            .filter_map(|(file, _)| file.strip_suffix(".json"))
    }
}

impl std::str::FromStr for Conversion {
    type Err = ConvertError;

    /// Accepts `s2hk` and `s2hk.json`.
    fn from_str(name: &str) -> Result<Self, ConvertError> {
        let bare = name.strip_suffix(".json").unwrap_or(name);
        Self::names()
            .find(|known| *known == bare)
            .map(Self)
            .ok_or_else(|| ConvertError::UnknownConfiguration {
                name: name.to_owned(),
                known: Self::names().collect::<Vec<_>>().join(", "),
            })
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Opens configurations when they are first asked for.
pub struct Converter {
    folder: OnceLock<Result<PathBuf, ConvertError>>,
    open: Mutex<FxHashMap<Conversion, Arc<OpenCC>>>,
    cache: Cache<(Conversion, Box<str>), Box<str>, ByBytes>,
}

/// Weighs a remembered conversion by what it takes.
#[derive(Clone)]
struct ByBytes;

impl Weighter<(Conversion, Box<str>), Box<str>> for ByBytes {
    fn weight(&self, (_, text): &(Conversion, Box<str>), converted: &Box<str>) -> u64 {
        ENTRY_BYTES + (text.len() + converted.len()) as u64
    }
}

impl Default for Converter {
    fn default() -> Self {
        Self {
            folder: OnceLock::new(),
            open: Mutex::default(),
            cache: Cache::with_weighter(
                (CACHED_BYTES_MAX / USUAL_BYTES) as usize,
                CACHED_BYTES_MAX,
                ByBytes,
            ),
        }
    }
}

impl Converter {
    /// Bytes of the conversions that are remembered.
    pub fn cached_bytes(&self) -> u64 {
        self.cache.weight()
    }

    /// U+0000 is left out: OpenCC takes it for the end.
    pub fn convert(&self, text: &str, conversion: Conversion) -> Result<String, ConvertError> {
        if text.len() > CACHED_TEXT_BYTES_MAX {
            return self.convert_uncached(text, conversion);
        }
        let key = (conversion, Box::from(text));
        if let Some(known) = self.cache.get(&key) {
            return Ok(known.into());
        }
        let converted = self.convert_uncached(text, conversion)?;
        self.cache.insert(key, converted.as_str().into());
        Ok(converted)
    }

    fn convert_uncached(&self, text: &str, conversion: Conversion) -> Result<String, ConvertError> {
        let opencc = self.opened(conversion)?;
        let converted = if text.contains('\0') {
            opencc.convert(text.replace('\0', ""))
        } else {
            opencc.convert(text)
        };
        converted.map_err(|error| ConvertError::Library {
            reason: error.to_string(),
        })
    }

    fn opened(&self, conversion: Conversion) -> Result<Arc<OpenCC>, ConvertError> {
        let folder = self
            .folder
            .get_or_init(unpack)
            .as_ref()
            .map_err(Clone::clone)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.entry(conversion) {
            Entry::Occupied(known) => Ok(Arc::clone(known.get())),
            Entry::Vacant(new) => {
                let opencc =
                    OpenCC::new(folder.join(format!("{conversion}.json"))).map_err(|error| {
                        ConvertError::Library {
                            reason: error.to_string(),
                        }
                    })?;
                Ok(Arc::clone(new.insert(Arc::new(opencc))))
            }
        }
    }
}

/// The folder that holds OpenCC's files: libopencc reads nothing but paths. Named by content, so versions never mix.
fn unpack() -> Result<PathBuf, ConvertError> {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in OPENCC_FILES {
        hasher.update(name.as_bytes()).update(bytes);
    }
    let version = &hasher.finalize().to_hex()[..16];
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let parent = cache.unwrap_or_else(std::env::temp_dir).join("sampan");
    let folder = parent.join(format!("opencc-{version}"));
    write_once(&parent, &folder).map_err(|error| ConvertError::Unpack {
        folder: folder.display().to_string(),
        reason: error.to_string(),
    })?;
    Ok(folder)
}

/// Written beside and renamed, so that a reader sees all files or none, and two starters do no harm.
fn write_once(parent: &std::path::Path, folder: &std::path::Path) -> io::Result<()> {
    if is_whole(folder) {
        return Ok(());
    }
    fs::create_dir_all(parent)?;
    let unique = format!(
        "opencc-unpack-{}-{}",
        std::process::id(),
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos())
    );
    let temporary = parent.join(unique);
    fs::create_dir(&temporary)?;
    for (name, bytes) in OPENCC_FILES {
        fs::write(temporary.join(name), bytes)?;
    }
    if folder.exists() && !is_whole(folder) {
        // Someone's cleaner took files out of it.
        fs::remove_dir_all(folder)?;
    }
    let renamed = fs::rename(&temporary, folder);
    if renamed.is_err() {
        fs::remove_dir_all(&temporary)?;
        if is_whole(folder) {
            return Ok(());
        }
    }
    renamed
}

fn is_whole(folder: &std::path::Path) -> bool {
    // The whole content: the folder may be writable by others, and 1.3 MB are read in a millisecond.
    OPENCC_FILES
        .iter()
        .all(|(name, bytes)| fs::read(folder.join(name)).is_ok_and(|found| found == *bytes))
}
