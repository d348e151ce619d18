//! Floor 1: what the node is told by data: regions, rates, ranking profiles, restrictions, pools, rules. Read once,
//! immutable, swapped whole when a file or an admin document changes.

pub mod documents;
pub mod expansions;
pub mod experiments;
pub mod exposure;
pub mod feed_profile;
pub mod freight;
pub mod place;
pub mod pool_use;
pub mod pools;
pub mod profile;
pub mod ranking_model;
pub mod rates;
pub mod regions;
pub mod restrictions;
pub mod rules;
pub mod selector;
pub mod source;
pub mod validity;

use std::{path::PathBuf, sync::Arc};

use sampan_analyzers::DictionaryFiles;

use crate::base::{
    error::Result,
    money::RateTable,
    region::{RegionIndex, RegionTable},
};
use expansions::ExpansionTables;
use experiments::Experiments;
use freight::FreightRow;
use pools::PoolTables;
use profile::RankingProfile;
use ranking_model::RankingModels;
use restrictions::Restrictions;
use rules::MerchandisingRule;
pub use source::DictionarySource;

/// How a node is started.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// Folder of store, log, indexes and published versions; made when missing.
    pub data_dir: PathBuf,
    /// Where the dictionaries come from.
    pub dictionaries: DictionarySource,
    /// File of the sentence encoder; a node without one uses the vectors that clients send.
    pub model: Option<PathBuf>,
    /// File of a feed model, watched for changes; a node without one learns its own from events.
    pub feed_model: Option<PathBuf>,
}

impl NodeConfig {
    /// A node over `data_dir` with the dictionaries that are in the binary.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            dictionaries: DictionarySource::Embedded,
            model: None,
            feed_model: None,
        }
    }
}

/// Everything the dictionaries (and the admin documents laid over them) say, apart from words.
#[derive(Debug)]
pub struct Configuration {
    /// The files it was read from.
    pub files: Arc<DictionaryFiles>,
    pub regions: RegionTable,
    pub rates: RateTable,
    /// By region index.
    pub profiles: Vec<Arc<RankingProfile>>,
    pub experiments: Experiments,
    /// Of all destinations.
    pub restrictions: Restrictions,
    /// Of all regions, in the order of their precedence: a region's before the common ones, as their files have them.
    pub rules: Arc<[MerchandisingRule]>,
    /// Named sets of items.
    pub pools: PoolTables,
    /// Words that stand near words.
    pub expansions: ExpansionTables,
    /// What sending costs; of rows that fit, the first decides.
    pub freight: Vec<FreightRow>,
}

impl Configuration {
    /// Reads and checks everything; the error names file and line.
    pub fn read(files: Arc<DictionaryFiles>) -> Result<Self> {
        let regions = regions::read(&files)?;
        let rates = rates::read(&files)?;
        regions::check_currencies(&regions, &rates)?;
        let models = RankingModels::read(&files)?;
        let profiles = regions
            .iter()
            .map(|(_, region)| profile::read(&files, &models, &region.code, &[]).map(Arc::new))
            .collect::<Result<Vec<_>>>()?;
        let experiments = experiments::read(&files, &regions, &models)?;
        let pools = pools::read(&files, &regions, &rates)?;
        for (index, _) in regions.iter() {
            let pools = &pools.by_region[index.0 as usize];
            let of_arms = experiments.of(index).profiles();
            for profile in std::iter::once(&profiles[index.0 as usize]).chain(of_arms) {
                pool_use::check(&profile.pools, pools, profile.weight("pool"))?;
                feed_profile::check(&profile.feed, pools)?;
            }
        }
        let restrictions = restrictions::read(&files, &regions)?;
        let rules = rules::read(&files, &regions)?.into();
        let expansions = expansions::read(&files, &regions)?;
        let freight = freight::read(&files, &regions, &rates)?;
        Ok(Self {
            files,
            regions,
            rates,
            profiles,
            experiments,
            restrictions,
            rules,
            pools,
            expansions,
            freight,
        })
    }

    pub fn profile(&self, region: RegionIndex) -> &Arc<RankingProfile> {
        &self.profiles[region.0 as usize]
    }
}
