//! Requests over every path, drawn at random.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
};
use sampan_proto::v1::{self, FacetKind, Sort};
use sampan_tests::{catalogue::ALL_MODES, items::owned, oracle::Market};

use crate::drawn::{BRANDS, PATHS, REGIONS, TAGS};

/// Words that titles have beside the one that all share.
pub const GOODS: [&str; 5] = ["保溫杯", "豆奶 250毫升", "電飯煲", "茶葉", "保温杯 500ml"];
/// The word that all titles share.
pub const SHARED: &str = "貨品";
pub const SELLERS: [&str; 3] = ["甲店", "乙店", ""];
pub const USERS: [&str; 5] = ["ann", "ben", "cat", "dan", ""];
/// Items there are at most: `i-0` to one below this.
pub const ITEMS_MAX: usize = 80;

const SORTS: [Sort; 7] = [
    Sort::Unspecified,
    Sort::Relevance,
    Sort::PriceAscending,
    Sort::PriceDescending,
    Sort::LandedPriceAscending,
    Sort::Sales,
    Sort::Newest,
];
const FACETS: [FacetKind; 5] = [
    FacetKind::Category,
    FacetKind::Brand,
    FacetKind::ShipMode,
    FacetKind::Price,
    FacetKind::Tag,
];
/// Pools that there always are; what is in them changes. The last one is excluded in [`EXCLUDES`].
pub const POOLS: [&str; 4] = ["deals", "shelf", "both", "fragile"];
/// The region whose profile excludes a pool.
pub const EXCLUDES: &str = "us";
const PREFIXES: [&str; 8] = ["維", "维记", "北", "食", "茶", "家", "貨", ""];

/// One visit: what is asked, and for how many pages.
#[derive(Debug, Clone)]
pub enum Visit {
    Search(Box<v1::SearchRequest>),
    Suggest(v1::SuggestRequest),
    Feed(v1::GetFeedRequest),
    Similar(v1::SimilarItemsRequest),
}

pub fn any_visit() -> impl Strategy<Value = (Market<'static>, Visit)> {
    let region = || select(REGIONS.as_slice());
    let ship_to = option::weighted(0.4, region());
    (region(), ship_to).prop_flat_map(|(region, ship_to)| {
        let market = Market {
            region,
            ship_to: ship_to.unwrap_or(region),
        };
        let visit = prop_oneof![
            6 => any_search(market).prop_map(|asked| Visit::Search(Box::new(asked))),
            1 => any_suggest(market).prop_map(Visit::Suggest),
            2 => any_feed(market).prop_map(Visit::Feed),
            1 => any_similar(market).prop_map(Visit::Similar),
        ];
        (Just(market), visit)
    })
}

fn any_search(market: Market<'static>) -> impl Strategy<Value = v1::SearchRequest> {
    let text = prop_oneof![
        2 => Just(""),
        2 => Just(SHARED),
        3 => select(GOODS.as_slice()),
        2 => select(BRANDS.as_slice()),
        1 => select(["飲品", "热卖貨品", "保溫盃", "維記 茶", "家电"].as_slice()),
    ];
    let looks = (text, select(SORTS.as_slice()), 1..=40u32, any_user());
    let asks = (
        option::weighted(0.5, any_filters()),
        option::weighted(0.3, subsequence(FACETS.to_vec(), 1..=5)),
        proptest::bool::weighted(0.2),
        proptest::bool::weighted(0.1),
    );
    (looks, asks).prop_map(move |(looks, (filters, facets, fold_products, explain))| {
        let (text, sort, page_size, user) = looks;
        let facets = facets.unwrap_or_default().into_iter();
        v1::SearchRequest {
            text: text.to_owned(),
            region: market.region.to_owned(),
            ship_to: market.ship_to.to_owned(),
            // The currency of all offers, so that a second opinion needs no rates.
            display_currency: "HKD".to_owned(),
            sort: sort.into(),
            page_size,
            filters,
            facets: facets.map(i32::from).collect(),
            fold_products,
            explain,
            user,
            ..Default::default()
        }
    })
}

fn any_filters() -> impl Strategy<Value = v1::Filters> {
    let path = select(PATHS.as_slice())
        .prop_flat_map(|path| (0..=path.len()).prop_map(move |levels| owned(&path[..levels])));
    let sometimes = |values: &'static [&'static str]| {
        option::weighted(0.3, subsequence(values.to_vec(), 1..=2))
            .prop_map(|values| owned(&values.unwrap_or_default()))
    };
    let modes = option::weighted(0.3, subsequence(ALL_MODES.to_vec(), 1..=2));
    let named = (
        option::weighted(0.4, path),
        sometimes(&BRANDS[..3]),
        sometimes(&TAGS),
        sometimes(&SELLERS[..2]),
    );
    let prices = (
        option::weighted(0.2, 1..500i64),
        option::weighted(0.2, 500..1_000i64),
    );
    let pools = (sometimes(&POOLS), sometimes(&POOLS));
    (named, modes, prices, proptest::bool::weighted(0.2), pools).prop_map(
        |((path, brands, tags, sellers), modes, (least, most), in_stock, pools)| v1::Filters {
            pools: pools.0,
            not_pools: pools.1,
            category_path: path.unwrap_or_default(),
            brands,
            tags,
            sellers,
            ship_modes: modes
                .unwrap_or_default()
                .into_iter()
                .map(i32::from)
                .collect(),
            price_min_minor: least,
            price_max_minor: most,
            in_stock,
            // What is landed where is judged by landed_price_oracle.
            ..Default::default()
        },
    )
}

fn any_suggest(market: Market<'static>) -> impl Strategy<Value = v1::SuggestRequest> {
    (select(PREFIXES.as_slice()), any_user()).prop_map(move |(prefix, user)| v1::SuggestRequest {
        prefix: prefix.to_owned(),
        region: market.region.to_owned(),
        ship_to: market.ship_to.to_owned(),
        user,
        ..Default::default()
    })
}

fn any_feed(market: Market<'static>) -> impl Strategy<Value = v1::GetFeedRequest> {
    let path = option::weighted(0.3, select(PATHS.as_slice()));
    let pools = option::weighted(0.3, select(POOLS.as_slice()));
    (path, 1..=30u32, any_user(), pools).prop_map(move |(path, page_size, user, pool)| {
        v1::GetFeedRequest {
            pools: owned(pool.as_slice()),
            region: market.region.to_owned(),
            ship_to: market.ship_to.to_owned(),
            category_path: owned(path.unwrap_or_default()),
            page_size,
            user,
            ..Default::default()
        }
    })
}

fn any_similar(market: Market<'static>) -> impl Strategy<Value = v1::SimilarItemsRequest> {
    (0..ITEMS_MAX, 1..=100u32).prop_map(move |(number, count)| v1::SimilarItemsRequest {
        item_id: format!("i-{number}"),
        region: market.region.to_owned(),
        ship_to: market.ship_to.to_owned(),
        count,
        ..Default::default()
    })
}

fn any_user() -> impl Strategy<Value = Option<v1::UserContext>> {
    let users = vec(select(USERS.as_slice()), 1);
    option::weighted(0.7, users).prop_map(|users| {
        users.map(|users| v1::UserContext {
            user_id: users[0].to_owned(),
            ..Default::default()
        })
    })
}
