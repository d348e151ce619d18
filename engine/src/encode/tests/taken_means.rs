use super::super::{MeanSum, Means};

fn means() -> Means {
    Means {
        encoder: "0.2.1-1".into(),
        query: vec![0.5, 0.0, 0.0],
        item: vec![0.0, 0.25, -0.25],
    }
}

#[test]
fn a_mean_is_of_what_was_added() {
    let mut sum = MeanSum::new(2);
    assert_eq!(sum.mean(), [0.0, 0.0]);
    sum.add(&[1.0, 3.0]);
    sum.add(&[2.0, -1.0]);
    assert_eq!((sum.count(), sum.mean()), (2, vec![1.5, 1.0]));
}

#[test]
fn queries_and_items_lose_their_own_means() {
    let means = means();
    let mut query = [0.5, 3.0, 4.0];
    means.centre_query(&mut query);
    assert_eq!(query, [0.0, 0.6, 0.8]);
    let mut item = [0.0, 0.25, 1.75];
    means.centre_item(&mut item);
    assert_eq!(item, [0.0, 0.0, 1.0]);
    // The mean itself has no direction left.
    let mut mean = [0.5, 0.0, 0.0];
    means.centre_query(&mut mean);
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
