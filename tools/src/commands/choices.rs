//! Values of options, under short names, for the enumerations of the contract.

use clap::ValueEnum;
use sampan_proto::v1;

/// Order of the hits.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SortChoice {
    Relevance,
    /// Cheapest first
    Price,
    /// Dearest first
    PriceDescending,
    /// Price plus freight, cheapest first
    LandedPrice,
    /// Price plus freight, dearest first
    LandedPriceDescending,
    /// Most sold first
    Sales,
    /// Newest first
    Newest,
}

impl From<SortChoice> for v1::Sort {
    fn from(choice: SortChoice) -> Self {
        match choice {
            SortChoice::Relevance => Self::Relevance,
            SortChoice::Price => Self::PriceAscending,
            SortChoice::PriceDescending => Self::PriceDescending,
            SortChoice::LandedPrice => Self::LandedPriceAscending,
            SortChoice::LandedPriceDescending => Self::LandedPriceDescending,
            SortChoice::Sales => Self::Sales,
            SortChoice::Newest => Self::Newest,
        }
    }
}

/// Script of display titles.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ScriptChoice {
    /// The seller's own words
    Original,
    Simplified,
    Traditional,
    HongKong,
    Taiwan,
}

impl From<ScriptChoice> for v1::Script {
    fn from(choice: ScriptChoice) -> Self {
        match choice {
            ScriptChoice::Original => Self::Original,
            ScriptChoice::Simplified => Self::Simplified,
            ScriptChoice::Traditional => Self::Traditional,
            ScriptChoice::HongKong => Self::HongKong,
            ScriptChoice::Taiwan => Self::Taiwan,
        }
    }
}

/// A way to ship.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ShipModeChoice {
    /// 直郵
    DirectMail,
    /// 包郵
    FreeShipping,
    /// 集運
    Consolidated,
    /// 本對本
    Local,
}

impl From<ShipModeChoice> for v1::ShipMode {
    fn from(choice: ShipModeChoice) -> Self {
        match choice {
            ShipModeChoice::DirectMail => Self::DirectMail,
            ShipModeChoice::FreeShipping => Self::FreeShipping,
            ShipModeChoice::Consolidated => Self::Consolidated,
            ShipModeChoice::Local => Self::Local,
        }
    }
}

/// A facet to count.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FacetChoice {
    Category,
    Brand,
    ShipMode,
    Price,
    Tag,
    /// Price plus freight
    LandedPrice,
}

impl From<FacetChoice> for v1::FacetKind {
    fn from(choice: FacetChoice) -> Self {
        match choice {
            FacetChoice::Category => Self::Category,
            FacetChoice::Brand => Self::Brand,
            FacetChoice::ShipMode => Self::ShipMode,
            FacetChoice::Price => Self::Price,
            FacetChoice::Tag => Self::Tag,
            FacetChoice::LandedPrice => Self::LandedPrice,
        }
    }
}

/// Recall sources to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RecallChoice {
    Hybrid,
    Lexical,
    Vector,
}

impl From<RecallChoice> for v1::RecallMode {
    fn from(choice: RecallChoice) -> Self {
        match choice {
            RecallChoice::Hybrid => Self::Hybrid,
            RecallChoice::Lexical => Self::Lexical,
            RecallChoice::Vector => Self::Vector,
        }
    }
}

/// What a shopper did.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum EventChoice {
    Impression,
    Click,
    Detail,
    Cart,
    Order,
    Dislike,
}

impl From<EventChoice> for v1::EventKind {
    fn from(choice: EventChoice) -> Self {
        match choice {
            EventChoice::Impression => Self::Impression,
            EventChoice::Click => Self::Click,
            EventChoice::Detail => Self::Detail,
            EventChoice::Cart => Self::Cart,
            EventChoice::Order => Self::Order,
            EventChoice::Dislike => Self::Dislike,
        }
    }
}

/// A document that can be administered.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DocumentChoice {
    /// ranking.toml: weights of the signals
    Ranking,
    /// restrictions.toml: what may not be sold or shipped
    Restrictions,
    /// pools.toml: named sets of items
    Pools,
    /// expansions.tsv: words that stand near words
    Expansions,
    /// ranking.model.txt: a learned model, as LightGBM writes it
    RankingModel,
    /// experiments.toml: which shoppers are ranked otherwise
    Experiments,
    /// rules.toml: what merchandisers wish for single queries
    Rules,
    /// freight.toml: what sending costs
    Freight,
}

impl From<DocumentChoice> for v1::DocumentKind {
    fn from(choice: DocumentChoice) -> Self {
        match choice {
            DocumentChoice::Ranking => Self::RankingProfile,
            DocumentChoice::Restrictions => Self::Restrictions,
            DocumentChoice::Pools => Self::Pools,
            DocumentChoice::Expansions => Self::Expansions,
            DocumentChoice::RankingModel => Self::RankingModel,
            DocumentChoice::Experiments => Self::Experiments,
            DocumentChoice::Rules => Self::Rules,
            DocumentChoice::Freight => Self::Freight,
        }
    }
}

/// What a shopper may do that counts as earned by an impression.
///
/// # Errors
/// The name is of nothing that does.
pub fn reward(name: &str) -> anyhow::Result<v1::EventKind> {
    match name {
        "click" => Ok(v1::EventKind::Click),
        "detail" => Ok(v1::EventKind::Detail),
        "cart" => Ok(v1::EventKind::Cart),
        "order" => Ok(v1::EventKind::Order),
        _ => anyhow::bail!("--reward: \"{name}\" is none of click, detail, cart and order"),
    }
}
