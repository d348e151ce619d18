//! The right to erasure: every event of one user or session leaves the store, the log and the files.

use std::collections::{BTreeMap, HashMap};

use sampan_proto::v1;

use super::{Batch, Ingest, lock};
use crate::{
    base::{
        Sequence, clock,
        error::{Result, SampanError},
        limits,
    },
    catalog::validate::text::{bounded, identifier},
    store::records::{Change, StoredErasure},
};

/// What an erasure took away, for those who counted it.
#[derive(Debug, Default, PartialEq)]
pub struct Erased {
    pub user_id: String,
    /// "" when a user was erased.
    pub session_id: String,
    pub events: Vec<v1::Event>,
}

/// Whose events are looked for, and those that were found.
struct Search<'r> {
    request: &'r v1::EraseUserRequest,
    own: BTreeMap<Sequence, v1::Event>,
    /// Sessions that the user was in, and whether nobody else was.
    sessions: HashMap<String, bool>,
    /// What was done in these sessions without a user's name.
    anonymous: BTreeMap<Sequence, v1::Event>,
}

impl<'r> Search<'r> {
    fn new(request: &'r v1::EraseUserRequest) -> Self {
        Self {
            request,
            own: BTreeMap::new(),
            sessions: HashMap::new(),
            anonymous: BTreeMap::new(),
        }
    }

    fn is_own(&self, event: &v1::Event) -> bool {
        match self.request.user_id.as_str() {
            "" => event.session_id == self.request.session_id,
            user_id => event.user_id == user_id,
        }
    }

    /// Looks at an event for the first time; answers whether it names a session that was not known.
    fn look(&mut self, sequence: Sequence, event: v1::Event) -> bool {
        if !self.is_own(&event) {
            return false;
        }
        let has_session = !self.request.user_id.is_empty() && !event.session_id.is_empty();
        let is_new = has_session
            && self
                .sessions
                .insert(event.session_id.clone(), true)
                .is_none();
        self.own.insert(sequence, event);
        is_new
    }

    /// Looks at an event again, once the user's sessions are known.
    fn look_at_sessions(&mut self, sequence: Sequence, event: v1::Event) {
        let Some(is_personal) = self.sessions.get_mut(&event.session_id) else {
            return;
        };
        if event.user_id.is_empty() {
            self.anonymous.insert(sequence, event);
        } else if event.user_id != self.request.user_id {
            *is_personal = false;
        }
    }

    /// The events to erase, and how many of them had no user.
    fn found(mut self) -> (BTreeMap<Sequence, v1::Event>, u64) {
        let sessions = &self.sessions;
        self.anonymous
            .retain(|_, event| sessions.get(&event.session_id) == Some(&true));
        let anonymous = self.anonymous.len() as u64;
        self.own.append(&mut self.anonymous);
        (self.own, anonymous)
    }
}

impl Ingest {
    /// Erases a user or session; see [`v1::event_service_server::EventService::erase_user`].
    pub fn erase(&self, request: &v1::EraseUserRequest) -> Result<v1::EraseUserResponse> {
        check(request)?;
        let mut search = Search::new(request);
        // The long look holds up no writes; what came meanwhile is looked at when nothing more can come.
        let looked_to = self.log.last();
        self.search(&mut search, 1)?;
        let ordered = lock(&self.next_ordinal);
        self.search(&mut search, looked_to + 1)?;
        let (events, anonymous) = search.found();
        let erased = events.len() as u64;
        let sequence = match events.is_empty() {
            true => self.log.last(),
            false => self.commit_erasure(request, events)?,
        };
        drop(ordered);
        self.log.scrub()?;
        self.store.scrub()?;
        Ok(v1::EraseUserResponse {
            erased,
            anonymous,
            remaining: self.remaining(request, sequence)?,
            sequence,
        })
    }

    /// What an erasure that the indexer has come to took away. Given once.
    pub fn take_erased(&self, sequence: Sequence) -> Option<Erased> {
        lock(&self.queue).erased.remove(&sequence)
    }

    fn search(&self, search: &mut Search<'_>, from: Sequence) -> Result<()> {
        let mut has_new_sessions = false;
        self.store.each_event(from, &mut |sequence, event| {
            has_new_sessions |= search.look(sequence, event);
            Ok(())
        })?;
        if search.sessions.is_empty() {
            return Ok(());
        }
        let from = if has_new_sessions { 1 } else { from };
        self.store.each_event(from, &mut |sequence, event| {
            search.look_at_sessions(sequence, event);
            Ok(())
        })
    }

    /// The caller holds the order lock.
    fn commit_erasure(
        &self,
        request: &v1::EraseUserRequest,
        events: BTreeMap<Sequence, v1::Event>,
    ) -> Result<Sequence> {
        let erasure = StoredErasure {
            sequences: events.keys().copied().collect(),
            author: request.author.clone(),
            asked_ms: clock::now_millis(),
        };
        let erased = Erased {
            user_id: request.user_id.clone(),
            session_id: request.session_id.clone(),
            events: events.into_values().collect(),
        };
        // Before the record itself: the indexer may come to that at once.
        let expected = self.log.last() + 1;
        lock(&self.queue).erased.insert(expected, erased);
        let mut batch = Batch::default();
        batch.accept(String::new(), Change::Erasure(erasure));
        let committed = self.commit(batch);
        if committed.is_err() {
            lock(&self.queue).erased.remove(&expected);
        }
        Ok(committed?.sequence)
    }

    /// Events of the user or session, up to a sequence, that the store or the log still has.
    fn remaining(&self, request: &v1::EraseUserRequest, until: Sequence) -> Result<u64> {
        let search = Search::new(request);
        let mut remaining = 0;
        self.store.each_event(1, &mut |sequence, event| {
            remaining += u64::from(sequence <= until && search.is_own(&event));
            Ok(())
        })?;
        self.log.replay(1, &mut |sequence, record| {
            if let Some(Change::Event(event)) = &record.change {
                remaining += u64::from(sequence <= until && search.is_own(event));
            }
            Ok(())
        })?;
        Ok(remaining)
    }
}

fn check(request: &v1::EraseUserRequest) -> Result<()> {
    let (user_id, session_id) = (&request.user_id, &request.session_id);
    match (user_id.is_empty(), session_id.is_empty()) {
        (true, true) => identifier("user_id", user_id, limits::PARTY_ID_BYTES_MAX)?,
        (false, false) => {
            let reason = "give user_id or session_id, not both";
            return Err(SampanError::invalid("session_id", reason));
        }
        _ => {}
    }
    bounded("user_id", user_id, limits::PARTY_ID_BYTES_MAX)?;
    bounded("session_id", session_id, limits::PARTY_ID_BYTES_MAX)?;
    bounded("author", &request.author, limits::PARTY_ID_BYTES_MAX)?;
    let id = if user_id.is_empty() {
        session_id
    } else {
        user_id
    };
    if request.author.contains(id.as_str()) {
        let reason = "holds the id that is to be erased; it is kept in the log";
        return Err(SampanError::invalid("author", reason));
    }
    Ok(())
}
