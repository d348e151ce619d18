//! The whole result of a query, of which pages are cut.

use sampan_analyzers::plan::Understood;
use sampan_proto::v1;

use super::{
    candidates::candidates,
    counted::{Counted, count, removed_by},
    facets,
    merchandised::{Asked, Merchandised},
    ordered,
    pages::{FeedNotes, ResultList},
    widening::{Widened, Widening},
};
use crate::{
    base::{
        Ordinal, clock,
        error::{Result, SampanError},
    },
    config::{experiments::Assignment, profile::RankingProfile},
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
        fold::fold,
        interests::Interests,
        interleave::team_draft,
        merchandise::{Held, add_pinned, pinned_items, place_pins, take_pins},
        named::Named,
        quota,
        rank::{self, RankedItem, rank},
        recall,
        stopwatch::Stopwatch,
        taste::Taste,
        treatment::{Teams, exposures, rivals},
    },
    index::{generation::Generation, lexical::LexicalQuery},
    store::state::Store,
};

/// Pinned items, each with the rule that pins it.
type PinMarks = Vec<(Ordinal, String)>;

/// What the steps from a query to its result have in common.
pub struct ResultQuery<'a> {
    pub generation: &'a Generation,
    pub store: &'a Store,
    pub gate: Gate<'a>,
    pub request: &'a v1::SearchRequest,
    pub mode: v1::RecallMode,
    pub sort: v1::Sort,
    /// How the shopper is ranked.
    pub treated: Assignment,
    /// Rankings that are drafted into one list, when that is asked for.
    pub teams: Option<Teams>,
    /// Draws the teams; the same for the same request.
    pub seed: u64,
}

impl ResultQuery<'_> {
    /// The rankings that a request wants in one list.
    pub fn interleaved(&self) -> Result<Option<Teams>> {
        let Some(asked) = &self.request.interleave else {
            return Ok(None);
        };
        if !self.is_by_relevance() {
            let reason = "only results by relevance can be interleaved";
            return Err(SampanError::invalid("interleave", reason));
        }
        rivals(self.generation, self.gate.market().region, asked).map(Some)
    }

    fn is_by_relevance(&self) -> bool {
        matches!(self.sort, v1::Sort::Unspecified | v1::Sort::Relevance)
    }

    /// Recall, fuse, rank (or order), count. Widens a query that finds little by its words alone.
    pub fn answer(
        &self,
        asked: &mut Asked<'_>,
        widening: &Widening<'_>,
        watch: &mut Stopwatch,
    ) -> Result<ResultList> {
        let (generation, gate) = (self.generation, &self.gate);
        let (counted, widened) = self.matched(&mut asked.understood, widening, watch)?;
        let understood = &asked.understood;
        let query = LexicalQuery::new(understood);
        // What answers the query may not be sold here: scattered characters of it are no answer in its place.
        let nothing_sellable = counted.total == 0 && !counted.removed.is_empty();
        let (ranked, pinned) = if self.is_by_relevance() {
            let found = match nothing_sellable {
                true => Vec::new(),
                false => self.found(understood, &counted, watch)?,
            };
            self.by_profile(found, asked, watch)?
        } else if nothing_sellable {
            Default::default()
        } else {
            let ordered = watch.time("rank", || {
                ordered::ordered(generation, &query, counted.level, gate, self.sort)
            })?;
            let ordered = match self.request.fold_products {
                true => fold(ordered, &generation.columns, &generation.vectors),
                false => ordered,
            };
            (ordered, Vec::new())
        };
        let beside_words = beside_words(&ranked);
        let facets = watch.time("facets", || {
            facets::count(
                generation,
                &query,
                counted.level,
                gate,
                &self.request.facets,
            )
        })?;
        let held = &asked.held;
        let ordinals: Vec<Ordinal> = ranked.iter().map(|item| item.ordinal).collect();
        let merchandised = Merchandised {
            replaced: asked.replaced.clone(),
            redirect: held.redirect().unwrap_or_default().to_owned(),
            banners: held.banners(),
            applied: held.applied(&pinned, &counted.hidden, &ordinals, &generation.columns),
            pinned,
        };
        Ok(ResultList {
            feed: FeedNotes::default(),
            total: match counted.total {
                0 => beside_words,
                total => total,
            },
            ranked,
            total_is_lower_bound: counted.is_lower_bound,
            whole: counted.level.is_whole(),
            widened,
            facets,
            removed: removed_by(generation, &counted.removed, gate.market()),
            merchandised,
            index_version: generation.version(),
            pools_version: generation.columns.pools.version.clone(),
            profile: self.treated.profile.clone(),
            teams: self.teams.clone(),
            exposures: exposures(&self.treated.exposures),
        })
    }

    /// Counts what matches, after widening a query that finds little.
    fn matched(
        &self,
        understood: &mut Understood,
        widening: &Widening<'_>,
        watch: &mut Stopwatch,
    ) -> Result<(Counted, Widened)> {
        let count = |understood: &Understood| {
            count(self.generation, &LexicalQuery::new(understood), &self.gate)
        };
        let mut counted = watch.time("match", || count(understood))?;
        let mut widened = Widened::Not;
        for step in Widened::STEPS {
            if step.is_due(&counted) && watch.time("widen", || widening.step(step, understood)) {
                widened = step;
                // What has a near word is no match: it changes no count.
                if step == Widened::ByKinds {
                    counted = watch.time("match", || count(understood))?;
                }
            }
        }
        Ok((counted, widened))
    }

    /// What recall brings; without a query, the best there is.
    fn found(
        &self,
        understood: &Understood,
        counted: &Counted,
        watch: &mut Stopwatch,
    ) -> Result<Vec<Candidate>> {
        let (generation, gate) = (self.generation, &self.gate);
        if LexicalQuery::new(understood).is_empty() {
            let now = clock::now_seconds();
            return Ok(recall::browse(&generation.columns, gate, now).0);
        }
        candidates(generation, understood, counted, gate, self.mode, watch)
    }

    /// What ranking may know of the query and of who asks.
    fn ranked_for<'q>(
        &'q self,
        understood: &'q Understood,
        held: &Held<'q>,
        now: i64,
    ) -> rank::Asked<'q> {
        let generation = self.generation;
        let (columns, behaviour) = (&generation.columns, &generation.behaviour);
        let regions = &generation.configuration.regions;
        let region = &regions.get(self.gate.market().region).code;
        let stranger = v1::UserContext::default();
        let user = self.request.user.as_ref().unwrap_or(&stranger);
        let interests = Interests::of(behaviour, user, region);
        rank::Asked {
            preferences: &understood.preferences,
            named: Named::of(understood, &columns.names, &generation.analyzer),
            taste: Taste::of(&interests, columns, &self.gate),
            response: Some(behaviour.response(region, now)),
            shifts: held.shifts(),
        }
    }

    /// Ranks candidates, folds them when asked, holds quotas of pools, and puts pinned items in their places.
    fn by_profile(
        &self,
        mut found: Vec<Candidate>,
        asked: &Asked<'_>,
        watch: &mut Stopwatch,
    ) -> Result<(Vec<RankedItem>, PinMarks)> {
        let (generation, gate) = (self.generation, &self.gate);
        let (columns, understood) = (&generation.columns, &asked.understood);
        let pins = pinned_items(&asked.held.pins(), self.store, columns)?;
        add_pinned(&mut found, &pins);
        let ranked = watch.time("rank", || {
            let now = clock::now_seconds();
            let asked = self.ranked_for(understood, &asked.held, now);
            let explain = self.request.explain;
            let ranked = |profile: &RankingProfile, found| {
                rank(found, columns, gate, profile, &asked, now, explain)
            };
            match &self.teams {
                None => ranked(&self.treated.profile, found),
                Some([(_, first), (_, second)]) => {
                    let second = ranked(second, found.clone());
                    team_draft(ranked(first, found), second, self.seed)
                }
            }
        });
        let (pinned, mut others) = take_pins(ranked, &pins);
        if self.request.fold_products {
            others = watch.time("fold", || fold(others, columns, &generation.vectors));
        }
        // Two rankings in one list have no order that a margin could be measured in.
        if self.teams.is_none() {
            let profile = &self.treated.profile;
            let quotas = quota::quotas(profile, &columns.pools, gate.market().region);
            others = quota::hold(others, &quotas, Some(profile.margin), quota::windows());
        }
        let is_ranked = |ordinal: &Ordinal| pinned.iter().any(|item| item.ordinal == *ordinal);
        let marks = pins.iter().filter(|(ordinal, _)| is_ranked(ordinal));
        let marks = marks.map(|(ordinal, pin)| (*ordinal, pin.rule.to_owned()));
        let marks = marks.collect();
        Ok((place_pins(pinned, others, &pins), marks))
    }
}

/// Items that vectors or near words brought: no count of words has them.
fn beside_words(ranked: &[RankedItem]) -> u64 {
    let sources = [Source::Vector, Source::NearWords];
    let brought = |item: &&RankedItem| sources.iter().any(|source| item.sources.has(*source));
    ranked.iter().filter(brought).count() as u64
}
