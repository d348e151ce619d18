use super::*;
use crate::base::ship::ShipMode;

fn files(hk: &str) -> DictionaryFiles {
    let common = "[weights]\nlexical = 1.0\n[boosts]\nmargin = 0.1\nlocal = 0.05\n";
    DictionaryFiles(
        [("common/ranking.toml", common), ("hk/ranking.toml", hk)]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into(),
    )
}

#[test]
fn a_region_overrides_what_it_inherits() {
    let profile = read(
        &files("[boosts]\nlocal = 0.08\n"),
        &RankingModels::default(),
        "hk",
        &[],
    )
    .expect("valid");
    assert_eq!(profile.weight("local"), 0.08);
    assert_eq!(profile.weight("lexical"), 1.0);
    assert_eq!(profile.margin, 0.1);
}

#[test]
fn boosts_above_the_margin_are_refused() {
    let error = read(
        &files("[boosts]\nmargin = 0.1\nlocal = 0.11\n"),
        &RankingModels::default(),
        "hk",
        &[],
    )
    .unwrap_err();
    assert!(
        error.to_string().starts_with("hk/ranking.toml:2"),
        "{error}"
    );
}

#[test]
fn what_lifts_and_lowers_counts_twice_into_the_margin() {
    let margin = |rule: &str| {
        let text = format!("[boosts]\nmargin = 0.25\nlocal = 0.05\nrule = {rule}\n");
        read(&files(&text), &RankingModels::default(), "hk", &[])
    };
    assert_eq!(margin("0.1").expect("within").weight("rule"), 0.1);
    assert!(margin("0.11").is_err());
    // Inherited, it is cut to what is left: half of what the others leave.
    let mut files = files("[boosts]\nmargin = 0.15\n");
    let common = files.0.get_mut("common/ranking.toml").expect("a profile");
    *common = common.replace("margin = 0.1", "margin = 0.5\nrule = 0.2");
    let cut = read(&files, &RankingModels::default(), "hk", &[]).expect("it fits");
    assert!(
        (cut.weight("rule") - 0.05).abs() < 1e-12,
        "{}",
        cut.weight("rule")
    );
}

#[test]
fn an_unknown_signal_is_refused_with_its_line() {
    let error = read(
        &files("[weights]\nlexical = 1.0\nlexcal = 2.0\n"),
        &RankingModels::default(),
        "hk",
        &[],
    )
    .unwrap_err();
    assert!(
        error.to_string().starts_with("hk/ranking.toml:3"),
        "{error}"
    );
    assert!(error.to_string().contains("lexcal"), "{error}");
}

#[test]
fn exposure_is_asked_for_by_way_to_ship() {
    let read = |hk: &str| read(&files(hk), &RankingModels::default(), "hk", &[]);
    let asked = read("[exposure]\ndirect_mail = 0.15\nlocal = 0.2\nwithin = 5\n");
    let asked = asked.expect("valid").exposure;
    let told: Vec<_> = asked.targets.iter().map(|t| (t.mode, t.share)).collect();
    assert_eq!(told, [(ShipMode::DirectMail, 0.15), (ShipMode::Local, 0.2)]);
    assert_eq!(
        (asked.within, read("").expect("valid").exposure.within),
        (5, 10)
    );
    for (wrong, line) in [
        ("direct_mail = 1.5", 2),
        ("direct_mail = -0.1", 2),
        ("consolidated = 0.1", 2),
        ("sales = 0.1", 2),
        ("local = 0.1\nwithin = 0", 3),
        ("local = 0.1\nwithin = 101", 3),
    ] {
        let error = read(&format!("[exposure]\n{wrong}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("hk/ranking.toml:{line}:")),
            "{error}"
        );
    }
}

#[test]
fn a_boost_is_no_evidence() {
    assert!(
        read(
            &files("[weights]\nlocal = 1.0\n"),
            &RankingModels::default(),
            "hk",
            &[]
        )
        .is_err()
    );
    assert!(
        read(
            &files("[boosts]\nlocal = -0.1\n"),
            &RankingModels::default(),
            "hk",
            &[]
        )
        .is_err()
    );
}

const MODEL: &str = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=0\n\
    feature_names=sales\n\nTree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=0.5\n\
    decision_type=2\nleft_child=-1\nright_child=-2\nleaf_value=1 0\n\nend of trees\n";

fn read_with_model(hk: &str, path: &str, model: &str) -> Result<RankingProfile> {
    let mut files = files(hk);
    files.0.insert(path.to_owned(), model.to_owned());
    read(&files, &RankingModels::read(&files)?, "hk", &[])
}

#[test]
fn a_model_is_used_when_the_profile_says_so() {
    let used = "[model]\ncandidates = 50\n";
    for path in ["hk/ranking.model.txt", "common/ranking.model.txt"] {
        let model = read_with_model(used, path, MODEL).expect("valid").model;
        let model = model.expect("a model");
        assert_eq!((model.table.candidates, model.table.weight), (50, 1.0));
        let sales = SIGNAL_NAMES.iter().position(|(name, _)| *name == "sales");
        let mut values = vec![0.0; SIGNAL_NAMES.len()];
        values[sales.expect("a signal")] = 0.75;
        assert_eq!(model.scores([&*values].into_iter()), [0.0]);
    }
    let idle = read_with_model("", "hk/ranking.model.txt", MODEL);
    assert_eq!(idle.expect("valid").model, None);
}

#[test]
fn a_model_that_cannot_be_used_is_refused_with_its_line() {
    let refused = |hk: &str, path: &str, model: &str, part: &str| {
        let message = read_with_model(hk, path, model).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    };
    let path = "hk/ranking.model.txt";
    let strange = MODEL.replace("=sales", "=charm");
    refused("", path, &strange, "hk/ranking.model.txt:6");
    refused("", path, "tree\n", "hk/ranking.model.txt:");
    refused("[model]\n", "tw/ranking.model.txt", MODEL, "put it first");
    refused(
        "[model]\ncandidates = 0\n",
        path,
        MODEL,
        "hk/ranking.toml:2",
    );
    refused("[model]\ncandidates = 501\n", path, MODEL, "1 to 500");
    refused("[model]\nweight = 0.0\n", path, MODEL, "above 0");
    assert!(read_with_model("[model]\ncandidates = 500\n", path, MODEL).is_ok());
}
