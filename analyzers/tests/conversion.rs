//! Promise: every OpenCC configuration converts as OpenCC's own test cases expect.

mod data;

use sampan_analyzers::{Analyzer, Conversion, ConvertError, DictionaryFiles};

#[test]
fn opencc_test_cases_all_pass() {
    let Some(path) = data::path("conversion/opencc_testcases.json") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let cases: serde_json::Value = serde_json::from_str(&strict_json(&text)).unwrap();
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
    let (mut passed, mut failed) = (0, Vec::new());
    for case in cases["cases"].as_array().unwrap() {
        let input = case["input"].as_str().unwrap();
        for (name, expected) in case["expected"].as_object().unwrap() {
            let conversion: Conversion = name.parse().unwrap();
            let converted = analyzer.convert(input, conversion).unwrap();
            if expected.as_str() == Some(converted.as_str()) {
                passed += 1;
            } else {
                failed.push(format!("{name} {input}: {converted} for {expected}"));
            }
        }
    }
    assert!(failed.is_empty(), "{passed} passed, failed: {failed:#?}");
    assert!(passed > 500, "only {passed} expectations read");
}

#[test]
fn conversion_by_name() {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
    let s2hk: Conversion = "s2hk".parse().unwrap();
    assert_eq!(analyzer.convert("里面", s2hk).unwrap(), "裏面");
    assert_eq!(analyzer.convert("里\0面", s2hk).unwrap(), "裏面");
    let s2tw: Conversion = "s2tw.json".parse().unwrap();
    assert_eq!(analyzer.convert("里面", s2tw).unwrap(), "裡面");
    let unknown = "s2xx".parse::<Conversion>();
    assert!(matches!(
        unknown,
        Err(ConvertError::UnknownConfiguration { .. })
    ));
}

/// Without what OpenCC's file has beyond JSON: whole-line `//` comments and commas before a closing bracket.
fn strict_json(text: &str) -> String {
    let mut json = String::new();
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
    {
        if line.starts_with(['}', ']']) && json.ends_with(',') {
            json.pop();
        }
        json.push_str(line);
    }
    json
}
