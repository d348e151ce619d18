//! The one gate: what may be shown to a shopper. Recall asks it before an item takes a place, and the page asks it
//! again before a hit leaves the node.

use std::{collections::HashSet, ops::RangeInclusive, sync::Arc};

use sampan_proto::v1;

use crate::{
    base::{
        Ordinal, clock,
        error::{Result, SampanError},
        limits,
        ship::{ModeSet, ShipMode},
    },
    catalog::validate::text::{bounded, countable},
    config::Configuration,
    flow::{
        landed::LandedCosts,
        pools::PoolMask,
        request::{Market, check_category_path},
    },
    index::columns::{Columns, CompiledSelector, EligibleItems, Hot, NameId, Row, Rules, Standing},
};

/// Whether an item may be shown, to one shopper's market under one request's filters.
pub struct Gate<'c> {
    columns: &'c Columns,
    market: Market,
    costs: LandedCosts<'c>,
    eligible: Arc<EligibleItems>,
    /// Rules that have begun since the snapshot's items were judged: the indexer takes a moment.
    begun: Rules<'c>,
    filters: Filters,
    pools: PoolMask,
    hidden: Vec<&'c CompiledSelector>,
}

/// What became of an item at the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// May be shown; these modes reach the shopper.
    Pass(ModeSet),
    /// Sold in the region, but restrictions leave no way to the destination.
    Barred,
    /// Not sold there, or not asked for.
    Out,
    /// A merchandising rule hides it.
    Hidden,
}

/// A request's filters, resolved to numbers. `None`: not filtered.
#[derive(Default, PartialEq)]
struct Filters {
    categories: Option<HashSet<NameId>>,
    brands: Option<HashSet<NameId>>,
    sellers: Option<HashSet<NameId>>,
    /// For each asked tag, the numbers it may have.
    tags: Vec<Vec<NameId>>,
    modes: Option<ModeSet>,
    /// In the display currency.
    price: Option<RangeInclusive<i64>>,
    /// Price and freight, likewise; what is unknown lies in no range.
    landed: Option<RangeInclusive<i64>>,
    in_stock: bool,
}

impl<'c> Gate<'c> {
    /// A gate with the restrictions of the snapshot, and the pools that the region's profile excludes.
    pub fn new(columns: &'c Columns, configuration: &'c Configuration, market: Market) -> Self {
        Self {
            columns,
            market,
            costs: LandedCosts::new(configuration, market, clock::now_seconds()),
            eligible: columns.eligible(market.region, market.ship_to),
            begun: columns.policy.begun(columns.judged, clock::now_seconds()),
            filters: Filters::default(),
            pools: PoolMask::of_profile(
                configuration.profile(market.region),
                &columns.pools,
                market.region,
            ),
            hidden: Vec::new(),
        }
    }

    /// Adds the pools that a request asks for and against, each with the name of its field.
    pub fn with_pools(
        mut self,
        within: (&str, &[String]),
        without: (&str, &[String]),
    ) -> Result<Self> {
        let pools = &self.columns.pools;
        self.pools.ask(pools, self.market.region, within, without)?;
        Ok(self)
    }

    /// Adds a request's filters; `key` folds script and case. An error names the field.
    pub fn with_filters(
        mut self,
        asked: &v1::Filters,
        key: &dyn Fn(&str) -> String,
    ) -> Result<Self> {
        self.filters = resolve(asked, &self.columns.names, key)?;
        Ok(self)
    }

    /// Adds a category subtree.
    pub fn within_category(mut self, path: &[String]) -> Self {
        if !path.is_empty() {
            let names = &self.columns.names;
            self.filters.categories = Some(names.category_subtree(path).into_iter().collect());
        }
        self
    }

    /// Hides what merchandising rules select.
    pub fn without(mut self, hidden: Vec<&'c CompiledSelector>) -> Self {
        self.hidden = hidden;
        self
    }

    pub fn market(&self) -> Market {
        self.market
    }

    /// What things cost in the market.
    pub fn costs(&self) -> &LandedCosts<'c> {
        &self.costs
    }

    /// What may be shown, when nothing is filtered or hidden beyond the market.
    pub fn unfiltered(&self) -> Option<&EligibleItems> {
        let passes_all = self.is_market_alone() && self.pools.is_open();
        passes_all.then_some(&self.eligible)
    }

    /// Whether restrictions leave no way to the shopper, whatever the request filters by.
    pub fn is_barred(&self, ordinal: Ordinal) -> bool {
        self.standing(&self.columns.hot(ordinal), ordinal) == Standing::Barred
    }

    /// Modes that bring an item to the shopper; empty when it may not be shown.
    #[inline]
    pub fn check(&self, ordinal: Ordinal) -> Verdict {
        let hot = self.columns.hot(ordinal);
        let standing = self.standing(&hot, ordinal);
        let is_asked = self.filters.pass_hot(&hot, self.market) && self.pools.admits(ordinal);
        if standing == Standing::Absent || !is_asked {
            return Verdict::Out;
        }
        match standing {
            Standing::Sold(modes) if self.passes_rest(ordinal, modes) => {
                match self.is_hidden(ordinal, &hot) {
                    true => Verdict::Hidden,
                    false => Verdict::Pass(modes),
                }
            }
            Standing::Sold(_) | Standing::Absent => Verdict::Out,
            Standing::Barred => Verdict::Barred,
        }
    }

    /// True when the item may be shown.
    #[inline]
    pub fn allows(&self, ordinal: Ordinal) -> bool {
        self.eligible.sells(ordinal)
            && self.pools.admits(ordinal)
            && (self.is_market_alone() || matches!(self.check(ordinal), Verdict::Pass(_)))
    }

    /// True when it may not be shown for merchandising rules alone.
    pub fn hides(&self, ordinal: Ordinal) -> bool {
        !self.hidden.is_empty() && self.check(ordinal) == Verdict::Hidden
    }

    fn is_hidden(&self, ordinal: Ordinal, hot: &Hot) -> bool {
        let selected = |row: &Arc<Row>| self.hidden.iter().any(|rule| rule.selects(hot, row));
        !self.hidden.is_empty() && self.columns.row(ordinal).is_some_and(selected)
    }

    /// True when it may not be shown for restrictions alone.
    pub fn bars(&self, ordinal: Ordinal) -> bool {
        self.eligible.bars(ordinal) && self.check(ordinal) == Verdict::Barred
    }

    /// Whether what the snapshot says of a market is all there is to ask.
    #[inline]
    fn is_market_alone(&self) -> bool {
        self.filters.is_none() && self.hidden.is_empty() && self.begun.is_empty()
    }

    #[inline]
    fn standing(&self, hot: &Hot, ordinal: Ordinal) -> Standing {
        let mut hot = *hot;
        if !self.begun.is_empty()
            && let Some(row) = self.columns.row(ordinal)
        {
            hot.barred = hot.barred.and_also(self.begun.barred(&hot, row));
        }
        hot.standing(self.market.region, self.market.ship_to)
    }

    fn passes_rest(&self, ordinal: Ordinal, modes: ModeSet) -> bool {
        let filters = &self.filters;
        if filters
            .modes
            .is_some_and(|asked| asked.and(modes).is_empty())
        {
            return false;
        }
        if filters.tags.is_empty() && filters.price.is_none() && filters.landed.is_none() {
            return true;
        }
        let Some(row) = self.columns.row(ordinal) else {
            return false;
        };
        let tagged = |any: &Vec<NameId>| any.iter().any(|tag| row.tags.contains(tag));
        if !filters.tags.iter().all(tagged) {
            return false;
        }
        if filters.price.is_none() && filters.landed.is_none() {
            return true;
        }
        row.offer(self.market.region).is_some_and(|offer| {
            let within = |range: &Option<RangeInclusive<i64>>, minor: &dyn Fn() -> Option<i64>| {
                range
                    .as_ref()
                    .is_none_or(|range| minor().is_some_and(|minor| range.contains(&minor)))
            };
            within(&filters.price, &|| Some(self.costs.price(offer)))
                && within(&filters.landed, &|| self.costs.landed(row, offer, modes))
        })
    }
}

impl Filters {
    #[inline]
    fn is_none(&self) -> bool {
        *self == Self::default()
    }

    fn pass_hot(&self, hot: &Hot, market: Market) -> bool {
        let held = |asked: &Option<HashSet<NameId>>, id: NameId| {
            asked.as_ref().is_none_or(|asked| asked.contains(&id))
        };
        held(&self.categories, hot.category)
            && held(&self.brands, hot.brand)
            && held(&self.sellers, hot.seller)
            && (!self.in_stock || hot.in_stock & (1 << market.region.0) != 0)
    }
}

fn resolve(
    asked: &v1::Filters,
    names: &crate::index::columns::Names,
    key: &dyn Fn(&str) -> String,
) -> Result<Filters> {
    check_category_path("filters.category_path", &asked.category_path)?;
    countable(
        "filters.brands",
        asked.brands.len(),
        limits::FILTER_VALUES_MAX,
    )?;
    countable(
        "filters.sellers",
        asked.sellers.len(),
        limits::FILTER_VALUES_MAX,
    )?;
    countable("filters.tags", asked.tags.len(), limits::FILTER_TAGS_MAX)?;
    for (name, values, bytes_max) in [
        ("brands", &asked.brands, limits::BRAND_BYTES_MAX),
        ("sellers", &asked.sellers, limits::PARTY_ID_BYTES_MAX),
        ("tags", &asked.tags, limits::TAG_BYTES_MAX),
    ] {
        for (place, value) in values.iter().enumerate() {
            bounded(&format!("filters.{name}[{place}]"), value, bytes_max)?;
        }
    }
    let price = range(
        ["price_min_minor", "price_max_minor"],
        [asked.price_min_minor, asked.price_max_minor],
    )?;
    let landed = range(
        ["landed_min_minor", "landed_max_minor"],
        [asked.landed_min_minor, asked.landed_max_minor],
    )?;
    let some = |filled: bool, ids: HashSet<NameId>| filled.then_some(ids);
    Ok(Filters {
        categories: some(
            !asked.category_path.is_empty(),
            names
                .category_subtree(&asked.category_path)
                .into_iter()
                .collect(),
        ),
        brands: some(
            !asked.brands.is_empty(),
            asked
                .brands
                .iter()
                .flat_map(|brand| names.brands.with_key(&key(brand)))
                .copied()
                .collect(),
        ),
        sellers: some(
            !asked.sellers.is_empty(),
            asked
                .sellers
                .iter()
                .filter_map(|seller| names.sellers.find(seller))
                .collect(),
        ),
        tags: asked
            .tags
            .iter()
            .map(|tag| names.tags.with_key(&key(tag)).to_vec())
            .collect(),
        modes: modes(&asked.ship_modes)?,
        price,
        landed,
        in_stock: asked.in_stock,
    })
}

/// A range of amounts, of which either end may be open; `None` when both are.
fn range(
    [low_name, high_name]: [&str; 2],
    [low, high]: [Option<i64>; 2],
) -> Result<Option<RangeInclusive<i64>>> {
    if low.is_some_and(|low| low < 0) {
        let field = format!("filters.{low_name}");
        return Err(SampanError::invalid(field, "must not be below 0"));
    }
    if low.is_none() && high.is_none() {
        return Ok(None);
    }
    let range = low.unwrap_or(0)..=high.unwrap_or(i64::MAX);
    if range.is_empty() {
        let reason = format!("lies below filters.{low_name}");
        return Err(SampanError::invalid(format!("filters.{high_name}"), reason));
    }
    Ok(Some(range))
}

fn modes(asked: &[i32]) -> Result<Option<ModeSet>> {
    if asked.is_empty() {
        return Ok(None);
    }
    let mut set = ModeSet::NONE;
    for (place, mode) in asked.iter().enumerate() {
        let mode = ShipMode::from_proto(*mode).ok_or_else(|| {
            let reason = "must be DIRECT_MAIL, FREE_SHIPPING, CONSOLIDATED or LOCAL";
            SampanError::invalid(format!("filters.ship_modes[{place}]"), reason)
        })?;
        set = set.with(mode);
    }
    Ok(Some(set))
}
