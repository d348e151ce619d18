//! Documents that a merchant puts while shoppers ask, drawn at random: profiles, pools, merchandising rules, freight,
//! experiments.

use std::collections::BTreeSet;

use proptest::{
    collection::{btree_set, vec},
    prelude::*,
    sample::select,
};
use sampan_proto::v1::DocumentKind;

use super::requests::{EXCLUDES, GOODS, ITEMS_MAX, SHARED};
use crate::drawn::{BRANDS, REGIONS, TAGS, any_item};

/// Items that one rule pins at most.
const PINS_MAX: usize = 4;
/// Places that they are pinned to.
const PLACES: u32 = 30;

/// A document, and the region that it is of.
#[derive(Debug, Clone)]
pub struct Document {
    pub kind: DocumentKind,
    pub region: &'static str,
    pub toml: String,
}

/// Any of the kinds, the ones that act on more answers more often.
pub fn any_document() -> impl Strategy<Value = Document> {
    let region = || select(REGIONS.as_slice());
    prop_oneof![
        3 => (region(), 1..100u32).prop_map(|(region, sales)| profile(region, sales)),
        4 => any_pools(),
        4 => any_rules(),
        2 => region().prop_flat_map(any_freight),
        2 => any_experiments(),
    ]
}

/// Every profile uses pools; that of one region excludes one.
pub fn profile(region: &'static str, sales_thousandths: u32) -> Document {
    let excluded = match region {
        EXCLUDES => "[pools.fragile]\nexclude = true\n",
        _ => "[pools.fragile]\nquota = 1\n",
    };
    let sales = f64::from(sales_thousandths) / 1_000.0;
    let toml = format!(
        "inherits = \"common\"\n[weights]\nsales = {sales}\nlanded = 0.01\n[boosts]\nmargin = 0.3\npool = 0.02\n\
         rule = 0.05\n{excluded}[pools.deals]\nboost = 1.0\nrecall = 20\n[pools.both]\nquota = 2\nrecall = 20\n"
    );
    Document {
        kind: DocumentKind::RankingProfile,
        region,
        toml,
    }
}

pub fn any_pools() -> impl Strategy<Value = Document> {
    let listed = vec(0..ITEMS_MAX, 1..9);
    (1..9u32, any_item(), listed).prop_map(|(price_max, like, listed)| {
        let path = like.category_path.join(" > ");
        let ids: Vec<String> = listed.iter().map(|number| format!("i-{number}")).collect();
        let toml = format!(
            "[[pool]]\nid = \"deals\"\ntitle = \"夏日\"\nprice_max = {price_max}\ncurrency = \"HKD\"\n\
             [[pool]]\nid = \"shelf\"\ncategory = [{path:?}]\n\
             [[pool]]\nid = \"both\"\nunion = [\"deals\", \"shelf\"]\nwithout = [\"fragile\"]\n\
             [[pool]]\nid = \"fragile\"\nitem = {ids:?}\n"
        );
        Document {
            kind: DocumentKind::Pools,
            region: "common",
            toml,
        }
    })
}

/// Rules that pin for the query of all and for every query, lift and lower, hide for one query and replace another. What is
/// hidden from the query of all would be owed to it, so that is not drawn.
pub fn any_rules() -> impl Strategy<Value = Document> {
    let pins = || (btree_set(0..ITEMS_MAX / 2, 1..=PINS_MAX), 0..PLACES / 2);
    let named = (select(&BRANDS[..3]), select(TAGS.as_slice()));
    (pins(), pins(), named, 1..=10u32).prop_map(|(asked, always, (brand, tag), tenths)| {
        let by = f64::from(tenths) / 10.0;
        // Even places and the lower half of the items for one rule, the others for the other, so that they never contradict.
        let asked = pinned(&asked.0, asked.1, 0);
        let always = pinned(&always.0, always.1, 1);
        let (hides, replaced, instead) = (GOODS[3], GOODS[1], GOODS[2]);
        let rule = |id: &str, when: &str, then: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\nreason = \"test\"\nowner = \"test\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n"
            )
        };
        let toml = [
            rule(
                "asked",
                &format!("query = {SHARED:?}"),
                &format!("{asked}boost = {{ brand = {brand:?}, by = {by} }}"),
            ),
            rule(
                "always",
                "",
                &format!("{always}bury = {{ tag = {tag:?}, by = {by} }}"),
            ),
            rule(
                "hides",
                &format!("query = {hides:?}"),
                &format!("hide = {{ tag = {tag:?} }}"),
            ),
            rule(
                "replaces",
                &format!("query = {replaced:?}"),
                &format!("replace = {instead:?}"),
            ),
        ];
        Document {
            kind: DocumentKind::Rules,
            region: "common",
            toml: toml.concat(),
        }
    })
}

/// Pins of items in the lower (0) or upper (1) half, on even (0) or odd (1) places from one on.
fn pinned(numbers: &BTreeSet<usize>, from: u32, half: u32) -> String {
    let pins = numbers.iter().zip(from..).map(|(number, place)| {
        let item = number + half as usize * ITEMS_MAX / 2;
        let position = 2 * place + half + 1;
        format!("{{ item = \"i-{item}\", position = {position} }}")
    });
    format!("pin = [{}], ", pins.collect::<Vec<_>>().join(", "))
}

fn any_freight(region: &'static str) -> impl Strategy<Value = Document> {
    (0..5_000u32, 0..5_000u32).prop_map(move |(flat, parcel)| Document {
        kind: DocumentKind::Freight,
        region,
        toml: format!(
            "[[freight]]\nid = \"parcel\"\nsource = \"own\"\nship_modes = [\"direct_mail\"]\norigin = [\"jp\"]\n\
             currency = \"HKD\"\nbands = [{{ up_to_grams = 500, minor = {parcel} }}]\n\
             [[freight]]\nid = \"flat\"\nsource = \"own\"\nship_modes = [\"consolidated\", \"local\"]\ncurrency = \"HKD\"\n\
             flat_minor = {flat}\n"
        ),
    })
}

/// Half of the shoppers ranked by another weight and other pools.
fn any_experiments() -> impl Strategy<Value = Document> {
    (1..100u32).prop_map(|thousandths| Document {
        kind: DocumentKind::Experiments,
        region: "common",
        toml: format!(
            "[[layer]]\nid = \"weights\"\n[[experiment]]\nid = \"fresh\"\nlayer = \"weights\"\nunit = \"user\"\n\
             question = \"test\"\n[[experiment.arm]]\nid = \"as-is\"\nshare = 50\n[[experiment.arm]]\nid = \"more\"\n\
             share = 50\nprofile.weights = {{ freshness = {} }}\n",
            f64::from(thousandths) / 1_000.0
        ),
    })
}
