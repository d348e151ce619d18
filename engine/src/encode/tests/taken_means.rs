use super::super::{MEAN_VECTORS_MIN, MeanSums, Means, ScriptMeans};

fn means() -> Means {
    Means {
        encoder: "0.2.1-1".into(),
        queries: ScriptMeans {
            han: vec![0.5, 0.0, 0.0],
            other: vec![0.0, 0.5, 0.0],
        },
        items: ScriptMeans {
            han: vec![0.0, 0.25, -0.25],
            other: vec![0.0; 3],
        },
    }
}

#[test]
fn each_script_has_the_mean_of_what_was_added_to_it() {
    let mut sums = MeanSums::new(2);
    for _ in 0..MEAN_VECTORS_MIN {
        sums.add("鞋 shoe", &[1.0, 3.0]);
        sums.add("shoe", &[0.0, 1.0]);
    }
    let means = sums.means();
    assert_eq!((means.han, means.other), (vec![1.0, 3.0], vec![0.0, 1.0]));
}

#[test]
fn few_vectors_of_a_script_take_the_mean_of_all_and_few_in_all_take_none() {
    let mut sums = MeanSums::new(1);
    for _ in 1..MEAN_VECTORS_MIN {
        sums.add("鞋", &[1.0]);
    }
    assert_eq!(sums.means(), ScriptMeans::zero(1));
    sums.add("shoe", &[1.0]);
    let means = sums.means();
    assert_eq!((means.han, means.other), (vec![1.0], vec![1.0]));
}

#[test]
fn a_text_loses_the_mean_of_its_script_and_keeps_length_one() {
    let means = means();
    let mut query = [0.5, 3.0, 4.0];
    means.queries.centre("紅鞋", &mut query);
    assert_eq!(query, [0.0, 0.6, 0.8]);
    let mut query = [3.0, 0.5, 4.0];
    means.queries.centre("red shoe", &mut query);
    assert_eq!(query, [0.6, 0.0, 0.8]);
    let mut item = [0.0, 0.25, 1.75];
    means.items.centre("鞋", &mut item);
    assert_eq!(item, [0.0, 0.0, 1.0]);
    // The mean itself has no direction left.
    let mut mean = [0.5, 0.0, 0.0];
    means.queries.centre("鞋", &mut mean);
    assert_eq!(mean, [0.0; 3]);
}

#[test]
fn stored_means_are_read_as_they_were_and_damage_is_noticed() {
    let bytes = means().to_bytes();
    assert_eq!(Means::from_bytes(&bytes), Ok(means()));
    for place in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        assert!(Means::from_bytes(&altered).is_err(), "byte {place}");
        assert!(Means::from_bytes(&bytes[..place]).is_err(), "{place} bytes");
    }
}
