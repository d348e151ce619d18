//! Published index versions: a manifest and content-addressed files in an object store (the local file system here).
//! Nothing outside knows where a version lies, so a bucket can take the folder's place.
//!
//! | object | content |
//! |---|---|
//! | `blobs/<blake3>` | bytes of one index file |
//! | `versions/<sequence, 20 digits>.json` | [`Manifest`] |
//!
//! Blobs are put before the manifest that names them, so a version that can be listed is whole.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::{StreamExt as _, executor::block_on};
use object_store::{
    ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem, path::Path as ObjectPath,
};
use serde::{Deserialize, Serialize};

use crate::base::{
    Sequence,
    error::{Result, SampanError},
};

/// Versions kept; older ones and blobs that none names are removed.
const VERSIONS_KEPT: usize = 3;

/// What a version consists of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Last write that the index holds.
    pub sequence: Sequence,
    /// Hash of the analysis that made its tokens.
    pub analysis: String,
    pub files: Vec<ManifestFile>,
}

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path inside the index folder.
    pub name: String,
    pub bytes: u64,
    /// Hex BLAKE3 of the content, and name of the blob.
    pub blake3: String,
}

/// What publishing a version took.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub version: String,
    pub files: u64,
    pub bytes: u64,
    /// The rest was there from earlier versions.
    pub bytes_written: u64,
}

/// A place to publish index versions to, and to start from.
pub struct VersionStore {
    objects: Arc<dyn ObjectStore>,
}

impl VersionStore {
    /// Versions in a local folder, made when missing.
    pub fn local(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(SampanError::storage)?;
        let objects = LocalFileSystem::new_with_prefix(folder)
            .map_err(SampanError::storage)?
            .with_fsync(true);
        Ok(Self {
            objects: Arc::new(objects),
        })
    }

    /// Publishes `files` of `folder` as the version of `sequence`.
    pub fn publish(
        &self,
        folder: &Path,
        files: &[PathBuf],
        sequence: Sequence,
        analysis: &str,
    ) -> Result<Published> {
        let mut manifest = Manifest {
            sequence,
            analysis: analysis.to_owned(),
            files: Vec::new(),
        };
        let mut bytes_written = 0;
        for file in files {
            let content = fs::read(folder.join(file)).map_err(SampanError::storage)?;
            let blake3 = blake3::hash(&content).to_hex().to_string();
            let bytes = content.len() as u64;
            let at = blob_path(&blake3);
            if block_on(self.objects.head(&at)).is_err() {
                block_on(self.objects.put(&at, PutPayload::from(content)))
                    .map_err(SampanError::storage)?;
                bytes_written += bytes;
            }
            manifest.files.push(ManifestFile {
                name: file.to_string_lossy().into_owned(),
                bytes,
                blake3,
            });
        }
        let text = serde_json::to_vec_pretty(&manifest).map_err(SampanError::internal)?;
        let at = ObjectPath::from(format!("versions/{sequence:020}.json"));
        block_on(self.objects.put(&at, PutPayload::from(text))).map_err(SampanError::storage)?;
        self.forget_old()?;
        Ok(Published {
            version: sequence.to_string(),
            files: manifest.files.len() as u64,
            bytes: manifest.files.iter().map(|file| file.bytes).sum(),
            bytes_written,
        })
    }

    /// The newest manifest that can be read.
    pub fn latest(&self) -> Result<Option<Manifest>> {
        Ok(self.manifests()?.pop().map(|(_, manifest)| manifest))
    }

    /// Writes a version's files into `folder`, checking each hash.
    pub fn restore(&self, manifest: &Manifest, folder: &Path) -> Result<()> {
        for file in &manifest.files {
            let content = block_on(async {
                let found = self.objects.get(&blob_path(&file.blake3)).await?;
                found.bytes().await
            })
            .map_err(SampanError::storage)?;
            if blake3::hash(&content).to_hex().as_str() != file.blake3 {
                return Err(SampanError::Storage(format!(
                    "published file {} is damaged",
                    file.name
                )));
            }
            fs::write(folder.join(&file.name), &content).map_err(SampanError::storage)?;
        }
        Ok(())
    }

    fn manifests(&self) -> Result<Vec<(ObjectPath, Manifest)>> {
        let mut found = Vec::new();
        for at in self.list("versions")? {
            let bytes = block_on(async { self.objects.get(&at).await?.bytes().await })
                .map_err(SampanError::storage)?;
            // A damaged manifest is no version, and no reason to stop: the indexes can be built without it.
            match serde_json::from_slice::<Manifest>(&bytes) {
                Ok(manifest) => found.push((at, manifest)),
                Err(error) => tracing::warn!("published version {at} cannot be read: {error}"),
            }
        }
        found.sort_by_key(|(_, manifest)| manifest.sequence);
        Ok(found)
    }

    fn forget_old(&self) -> Result<()> {
        let mut manifests = self.manifests()?;
        let old = manifests.len().saturating_sub(VERSIONS_KEPT);
        for (at, _) in manifests.drain(..old) {
            block_on(self.objects.delete(&at)).map_err(SampanError::storage)?;
        }
        let named: HashSet<ObjectPath> = manifests
            .iter()
            .flat_map(|(_, manifest)| &manifest.files)
            .map(|file| blob_path(&file.blake3))
            .collect();
        for at in self.list("blobs")? {
            if !named.contains(&at) {
                block_on(self.objects.delete(&at)).map_err(SampanError::storage)?;
            }
        }
        Ok(())
    }

    fn list(&self, prefix: &str) -> Result<Vec<ObjectPath>> {
        let prefix = ObjectPath::from(prefix);
        let found: Vec<_> = block_on(self.objects.list(Some(&prefix)).collect());
        found
            .into_iter()
            .map(|entry| {
                entry
                    .map(|entry| entry.location)
                    .map_err(SampanError::storage)
            })
            .collect()
    }
}

fn blob_path(blake3: &str) -> ObjectPath {
    ObjectPath::from(format!("blobs/{blake3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_version_writes_only_what_changed_and_a_damaged_blob_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = folder.path().join("index");
        fs::create_dir_all(&index).expect("made");
        fs::write(index.join("a"), b"one").expect("written");
        fs::write(index.join("b"), b"two").expect("written");
        let versions = VersionStore::local(&folder.path().join("published")).expect("opened");
        let files = [PathBuf::from("a"), PathBuf::from("b")];
        let first = versions.publish(&index, &files, 7, "x").expect("published");
        assert_eq!((first.files, first.bytes_written), (2, 6));
        fs::write(index.join("b"), b"three").expect("written");
        let second = versions.publish(&index, &files, 8, "x").expect("published");
        assert_eq!((second.bytes, second.bytes_written), (8, 5));

        let target = folder.path().join("restored");
        fs::create_dir_all(&target).expect("made");
        let latest = versions.latest().expect("read").expect("one is there");
        assert_eq!(latest.sequence, 8);
        versions.restore(&latest, &target).expect("restored");
        assert_eq!(fs::read(target.join("b")).expect("read"), b"three");

        let blob = folder
            .path()
            .join("published/blobs")
            .join(&latest.files[0].blake3);
        fs::write(blob, b"broken").expect("written");
        assert!(versions.restore(&latest, &target).is_err());
    }
}
