//! `sampan eval learn` finds the number that a judged set wants, keeps what another set would lose, and tells when
//! nothing holds.

mod small_shop;

use std::fs;

use sampan_analyzers::DictionaryFiles;
use sampan_tools::evaluate::learn::{LearnPlan, Learnt, learn};
use small_shop::{QUERIES, write_shop};
use tempfile::TempDir;

fn set(name: &str, rest: &str) -> String {
    format!(
        "[[set]]\nname = \"{name}\"\ncatalog = \"items.tsv\"\nmap = \"map.toml\"\nqueries = \"q.tsv\"\n\
         qrels = \"{name}.tsv\"\nmeasure = \"mrr_10\"\n{rest}\n"
    )
}

fn learnt(sets: &str) -> anyhow::Result<Learnt> {
    let folder = TempDir::new()?;
    write_shop(folder.path());
    let path = folder.path().join("plan.toml");
    let keys = "region = \"hk\"\n[keys]\n\"weights.sales\" = [-1.0, 0.0, 1.0]\n";
    fs::write(&path, format!("{keys}{sets}"))?;
    let plan = LearnPlan::read(&path)?;
    learn(&plan, &DictionaryFiles::embedded(), None, None, |_| {})
}

#[test]
fn the_weight_that_the_judged_items_want_is_found_and_holds() {
    let learnt = learnt(&set("slow", "")).unwrap();
    assert_eq!(learnt.keys[0].after.as_float(), Some(-1.0));
    let figures = &learnt.sets[0];
    assert_eq!(figures.queries, [QUERIES / 2; 2]);
    assert_eq!(
        (figures.learning, figures.held_out),
        ([0.5, 1.0], [0.5, 1.0])
    );
    assert!(learnt.holds);
    let profile: toml::Table = learnt.profile.parse().unwrap();
    assert_eq!(profile["weights"]["sales"].as_float(), Some(-1.0));
    assert_eq!(profile["inherits"].as_str(), Some("common"));
}

#[test]
fn what_another_set_would_lose_is_not_taken() {
    let sets = set("slow", "") + &set("fast", "weight = 0.0\nloss_max = 0.4");
    let learnt = learnt(&sets).unwrap();
    assert_eq!(learnt.keys[0].before, learnt.keys[0].after);
    assert!(!learnt.holds, "nothing was gained");
    let sets = set("slow", "") + &set("fast", "weight = 0.0\nloss_max = 0.5");
    assert!(self::learnt(&sets).unwrap().holds);
}

#[test]
fn a_key_of_no_profile_is_named() {
    let folder = TempDir::new().unwrap();
    write_shop(folder.path());
    let path = folder.path().join("plan.toml");
    let keys = "region = \"hk\"\n[keys]\n\"weights.charm\" = [1.0]\n";
    fs::write(&path, keys.to_owned() + &set("slow", "")).unwrap();
    let plan = LearnPlan::read(&path).unwrap();
    let refused = learn(&plan, &DictionaryFiles::embedded(), None, None, |_| {});
    assert!(refused.unwrap_err().to_string().contains("weights.charm"));
}
