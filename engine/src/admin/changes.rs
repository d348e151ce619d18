//! The record of what was changed, and taking a change back.

use std::{ops::ControlFlow, sync::PoisonError};

use sampan_proto::v1;

use super::{Documents, parse_path};
use crate::{
    base::{
        Sequence,
        error::{Result, SampanError},
        limits,
    },
    catalog::validate::text::bounded,
    config::documents,
    store::records::StoredDocument,
};

impl Documents<'_> {
    /// Changes of documents, the latest first, without their texts.
    pub fn changes(&self, request: &v1::ListChangesRequest) -> Result<v1::ListChangesResponse> {
        let asked = v1::DocumentKind::try_from(request.kind)
            .map_err(|_| SampanError::invalid("kind", "unknown kind"))?;
        if !request.region.is_empty() {
            self.check_region(&request.region)?;
        }
        let count = match request.page_size {
            0 => limits::CHANGES_DEFAULT,
            count if count <= limits::CHANGES_MAX => count,
            count => {
                let reason = format!("{count}; at most {}", limits::CHANGES_MAX);
                return Err(SampanError::invalid("page_size", reason));
            }
        };
        let before = match request.page_token.as_str() {
            "" => Sequence::MAX,
            token => token
                .parse()
                .map_err(|_| SampanError::invalid("page_token", "not one that was given out"))?,
        };
        let mut response = v1::ListChangesResponse::default();
        self.shared
            .store
            .changes_before(before, &mut |id, change| {
                let Some(described) = describe(id, change) else {
                    return ControlFlow::Continue(());
                };
                let is_asked = (asked == v1::DocumentKind::Unspecified
                    || asked == described.kind())
                    && (request.region.is_empty() || request.region == described.region);
                if !is_asked {
                    return ControlFlow::Continue(());
                }
                if response.changes.len() == count as usize {
                    let last = response.changes.last().map(|change| change.id);
                    response.next_page_token = last.unwrap_or_default().to_string();
                    return ControlFlow::Break(());
                }
                response.changes.push(v1::DocumentChange {
                    toml_before: String::new(),
                    toml_after: String::new(),
                    ..described
                });
                ControlFlow::Continue(())
            })?;
        Ok(response)
    }

    /// One change, with its texts.
    pub fn change_of(&self, id: Sequence) -> Result<v1::DocumentChange> {
        let stored = self.shared.store.change(id)?;
        let described = stored.and_then(|stored| describe(id, stored));
        described.ok_or_else(|| SampanError::NotFound {
            what: "change",
            id: id.to_string(),
        })
    }

    /// Puts a document back to what it was before a change.
    pub fn roll_back(&self, request: &v1::RollBackRequest) -> Result<v1::PutDocumentResponse> {
        bounded("comment", &request.comment, limits::COMMENT_BYTES_MAX)?;
        bounded("author", &request.author, limits::AUTHOR_BYTES_MAX)?;
        let undone = self.change_of(request.id)?;
        let editing = self.shared.editing.lock();
        let _one_at_a_time = editing.unwrap_or_else(PoisonError::into_inner);
        let (kind, region) = (undone.kind(), undone.region.clone());
        let path = self.path(kind, &region)?;
        let later = self.changes_after(request.id, &path)?;
        let put = v1::PutDocumentRequest {
            kind: kind.into(),
            region,
            // What the dictionary or the node itself said, it says again when nothing is laid over it.
            toml: match undone.origin_before.as_str() {
                "admin" => undone.toml_before,
                _ => String::new(),
            },
            dry_run: request.dry_run,
            expected_version: request.expected_version.clone(),
            comment: request.comment.clone(),
            author: request.author.clone(),
        };
        let mut response = self.change(&put, (kind, path.clone()), request.id)?;
        if later > 0 {
            let effect = format!("{later} later changes of {path} go, too");
            response.effects.insert(0, effect);
        }
        Ok(response)
    }

    /// Changes of a document after one.
    fn changes_after(&self, id: Sequence, path: &str) -> Result<usize> {
        let mut later = 0;
        let store = &self.shared.store;
        store.changes_before(Sequence::MAX, &mut |sequence, change| {
            if sequence <= id {
                return ControlFlow::Break(());
            }
            later += usize::from(change.path == path);
            ControlFlow::Continue(())
        })?;
        Ok(later)
    }
}

/// A change as the contract tells it; `None` for a document that this node does not know.
fn describe(id: Sequence, stored: StoredDocument) -> Option<v1::DocumentChange> {
    let (region, kind) = parse_path(&stored.path)?;
    let version = |text: &str, is_there: bool| match is_there {
        true => documents::version(text),
        false => String::new(),
    };
    Some(v1::DocumentChange {
        id,
        time: Some(super::timestamp(stored.updated_ms)),
        kind: kind.into(),
        region: region.to_owned(),
        version_before: version(&stored.before, !stored.origin_before.is_empty()),
        version_after: version(&stored.text, !stored.withdrawn),
        origin_after: if stored.withdrawn { "" } else { "admin" }.to_owned(),
        origin_before: stored.origin_before,
        author: stored.author,
        comment: stored.comment,
        toml_before: stored.before,
        toml_after: stored.text,
        undoes: stored.undoes,
    })
}
