//! Who asks: the shoppers of some regions.

use anyhow::Context as _;
use sampan_proto::v1::RecallMode;

use crate::evaluate::{
    node::ThrowAwayNode,
    run::{Ranked, Searcher},
};

/// What each region's shoppers search with.
pub struct Shoppers<'s>(Vec<(&'static str, Box<dyn Searcher + 's>)>);

impl<'s> Shoppers<'s> {
    /// A node, by words alone: the sets are about words.
    pub fn of_node(node: &'s ThrowAwayNode, regions: &[&'static str]) -> Self {
        let of = |region: &&'static str| -> (_, Box<dyn Searcher + 's>) {
            let shoppers = node.shoppers_of(region, RecallMode::Lexical);
            (*region, Box::new(shoppers))
        };
        Self(regions.iter().map(of).collect())
    }

    /// An engine that knows no regions.
    pub fn all_alike(engine: &'s impl Searcher, regions: &[&'static str]) -> Self {
        let of =
            |region: &&'static str| -> (_, Box<dyn Searcher + 's>) { (*region, Box::new(engine)) };
        Self(regions.iter().map(of).collect())
    }

    /// Ids and scores, best first.
    ///
    /// # Errors
    /// The region is none of these, or the query cannot be answered.
    pub fn search(&self, region: &str, query: &str, depth: usize) -> anyhow::Result<Ranked> {
        let mut shoppers = self.0.iter();
        let (_, searcher) = shoppers
            .find(|(known, _)| *known == region)
            .with_context(|| format!("region \"{region}\" is not among those measured"))?;
        searcher.search(query, depth)
    }
}
