//! A catalogue that a test can count by itself: a few hundred items, the same in every run, with ties, gaps and names
//! in both scripts on purpose.

use sampan_proto::v1::{self, ShipMode};

use crate::items::{attribute, moment, money, offer, owned, titled};

/// Items of [`catalogue`]: more than three pages of the largest size, fewer than the window of a result.
pub const ITEMS: usize = 360;
/// Marks in titles: a query for one is for exactly the items that bear it.
pub const MARKS: [&str; 2] = ["ZQ700", "ZQ800"];
/// Regions that the catalogue sells in.
pub const REGIONS: [&str; 5] = ["hk", "tw", "cn", "sg", "us"];

/// What a kind of goods is called in Hong Kong, in Taiwan and in the mainland, and where it stands.
struct Kind {
    words: [&'static str; 3],
    category: &'static [&'static str],
}

const KINDS: [Kind; 6] = [
    Kind {
        words: ["雙門雪櫃", "雙門冰箱", "双门冰箱"],
        category: &["家電", "大型家電", "雪櫃"],
    },
    Kind {
        words: ["二合一洗衣機", "二合一洗衣機", "二合一洗衣机"],
        category: &["家電", "大型家電", "洗衣機"],
    },
    Kind {
        words: ["手提風扇", "手持風扇", "手持风扇"],
        category: &["家電", "小型家電"],
    },
    Kind {
        words: ["即沖咖啡", "即溶咖啡", "速溶咖啡"],
        category: &["食品", "飲品"],
    },
    Kind {
        words: ["風乾牛肉", "牛肉乾", "牛肉干"],
        category: &["食品", "零食"],
    },
    Kind {
        words: ["縮骨遮", "折疊傘", "折叠伞"],
        category: &[],
    },
];
/// The first four are two brands, each in two ways of writing.
const BRANDS: [&str; 7] = ["維記", "维记", "Norvik", "NORVIK", "北原", "樂居", ""];
const SELLERS: [&str; 5] = ["shop-1", "shop-2", "shop-3", "旗艦店", ""];
/// 熱賣 and 热卖 are one label in two scripts.
const TAGS: [&str; 6] = ["新品", "熱賣", "热卖", "鋰電池", "肉類", "送禮"];
const ORIGINS: [&str; 4] = ["cn", "jp", "us", ""];
const CURRENCIES: [&str; 4] = ["HKD", "TWD", "CNY", "JPY"];
const COLOURS: [&str; 3] = ["紅", "藍", "黑"];
/// 2026-01-01, the oldest item.
const FIRST_DAY: i64 = 1_767_225_600;

/// The whole catalogue.
pub fn catalogue() -> Vec<v1::Item> {
    let mut dice = Dice(20_261_122);
    (0..ITEMS).map(|number| one(number, &mut dice)).collect()
}

fn one(number: usize, dice: &mut Dice) -> v1::Item {
    let kind = dice.pick(&KINDS);
    let script = dice.below(3);
    let brand = *dice.pick(&BRANDS);
    let mark = MARKS.get(dice.below(4)).copied().unwrap_or_default();
    let title = [brand, kind.words[script], mark, *dice.pick(&COLOURS)].map(str::to_owned);
    let mut item = v1::Item {
        id: format!("g-{number:04}"),
        titles: vec![titled(title.join(" ").trim())],
        brand: brand.to_owned(),
        category_path: owned(kind.category),
        seller: (*dice.pick(&SELLERS)).to_owned(),
        // Two items a day: the order of the newest has ties.
        created: moment(FIRST_DAY + dice.below(ITEMS / 2) as i64 * 86_400),
        quality_prior: dice.below(5) as f32 / 4.0,
        sales_prior: dice.below(60) as u64 * 25,
        origin_country: (*dice.pick(&ORIGINS)).to_owned(),
        attributes: [attribute("顏色", COLOURS[dice.below(COLOURS.len())])].into(),
        ..Default::default()
    };
    for tag in TAGS {
        if dice.below(4) == 0 {
            item.tags.push(tag.to_owned());
        }
    }
    if number.is_multiple_of(40) {
        // A seller's slip: the same label twice is still one label.
        item.tags.extend(item.tags.first().cloned());
    }
    for region in REGIONS {
        if dice.below(3) > 0 {
            item.offers.push(random_offer(region, dice));
        }
    }
    item
}

fn random_offer(region: &str, dice: &mut Dice) -> v1::Offer {
    let mut modes: Vec<ShipMode> = ALL_MODES
        .into_iter()
        .filter(|_| dice.below(3) == 0)
        .collect();
    if modes.is_empty() {
        modes.push(*dice.pick(&ALL_MODES));
    }
    let currency = *dice.pick(&CURRENCIES);
    // Few different prices, so that orders have ties to break.
    let major = (1 + dice.below(40) as i64) * 12;
    let minor = if currency == "JPY" {
        major * 20
    } else {
        major * 100
    };
    let stock = match dice.below(5) {
        0 => None,
        1 => Some(0),
        _ => Some(dice.below(200) as u32),
    };
    v1::Offer {
        stock,
        freight_minor: (dice.below(3) > 0).then(|| dice.below(50) as i64 * 10),
        delivery_days: (dice.below(3) > 0).then(|| dice.below(20) as u32),
        local_return: dice.below(2) == 0,
        ..offer(region, &modes, money(minor, currency))
    }
}

/// Every way to ship.
pub const ALL_MODES: [ShipMode; 4] = [
    ShipMode::DirectMail,
    ShipMode::FreeShipping,
    ShipMode::Consolidated,
    ShipMode::Local,
];

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers in every run.
struct Dice(u64);

impl Dice {
    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
