//! Means are subtracted before anything is compared, and can change while the index serves.

use super::super::{Everything, VectorError, VectorWriter};
use super::clustered::{Clustered, Random, cosine, options};

const DIMENSIONS: usize = 16;

/// Vectors that all lean the same way, as an encoder's do, and the mean of the first of them.
fn leaning(rows: usize) -> (Vec<Vec<f32>>, Vec<f32>) {
    let mut random = Random::new(77);
    let lean = unit(&random.vector(DIMENSIONS));
    let vectors: Vec<Vec<f32>> = (0..rows)
        .map(|_| {
            let own = unit(&random.vector(DIMENSIONS));
            lean.iter().zip(own).map(|(lean, own)| lean + own).collect()
        })
        .collect();
    (vectors.clone(), mean(&vectors))
}

fn unit(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter().map(|value| value / length).collect()
}

fn mean(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut mean = vec![0.0; DIMENSIONS];
    for vector in vectors {
        for (sum, value) in mean.iter_mut().zip(unit(vector)) {
            *sum += value / vectors.len() as f32;
        }
    }
    mean
}

fn minus(vector: &[f32], mean: &[f32]) -> Vec<f32> {
    let parts = unit(vector).into_iter().zip(mean);
    parts.map(|(value, mean)| value - mean).collect()
}

/// Every answer of the index is what plain arithmetic gives around the two means.
fn assert_searches_around(writer: &mut VectorWriter, vectors: &[Vec<f32>], means: [&[f32]; 2]) {
    assert_eq!(writer.means(), (means[0], means[1]));
    let zeros = vec![0.0; DIMENSIONS];
    let [item, query] = means.map(|mean| if mean.is_empty() { &zeros } else { mean });
    let snapshot = writer.publish();
    assert_eq!(snapshot.len(), vectors.len());
    for asked in vectors.iter().step_by(97) {
        let centred = minus(asked, query);
        let exact = |ordinal: u32| cosine(&centred, &minus(&vectors[ordinal as usize], item));
        let best = (0..vectors.len() as u32).map(exact).fold(-1.0, f32::max);
        let found = snapshot.search(asked, 5, &Everything).unwrap();
        assert!(found[0].similarity > best - 1e-3, "{found:?} {best}");
        for near in found {
            assert!((near.similarity - exact(near.ordinal)).abs() < 1e-3);
        }
    }
}

#[test]
fn means_change_around_segments_and_tail_and_survive_a_restart() {
    let (vectors, mean) = leaning(3_000);
    let query_mean: Vec<f32> = mean.iter().map(|value| value * 0.8).collect();
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1_000)).unwrap();
    for (ordinal, vector) in (0..2_500).zip(&vectors) {
        writer.upsert(ordinal, vector).unwrap();
    }
    writer.settle();
    // The rest stays in the tail; some of it comes while the segments are being moved.
    (2_500..2_800).for_each(|at| writer.upsert(at, &vectors[at as usize]).unwrap());
    assert_searches_around(&mut writer, &vectors[..2_800], [&[], &[]]);
    writer.set_means(&mean, &query_mean).unwrap();
    assert!(writer.is_building());
    assert_eq!(
        writer.means(),
        (&[][..], &[][..]),
        "until the build has ended"
    );
    (2_800..3_000).for_each(|at| writer.upsert(at, &vectors[at as usize]).unwrap());
    writer.delete(7);
    writer.upsert(7, &vectors[7]).unwrap();
    writer.settle();
    assert_searches_around(&mut writer, &vectors, [&mean, &query_mean]);
    writer.flush(1).unwrap();
    drop(writer);
    let mut writer = VectorWriter::open(directory.path(), options(1_000)).unwrap();
    assert_searches_around(&mut writer, &vectors, [&mean, &query_mean]);
    // And back, twice: what was stored around one mean is not worn by moving.
    for means in [[&[][..], &[]], [&mean, &[]], [&query_mean, &mean]] {
        writer.set_means(means[0], means[1]).unwrap();
        writer.settle();
        assert_searches_around(&mut writer, &vectors, means);
    }
    assert!(writer.warnings().is_empty(), "{:?}", writer.warnings());
}

#[test]
fn the_last_of_several_wishes_holds() {
    let (vectors, mean) = leaning(2_000);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1_000)).unwrap();
    for (ordinal, vector) in (0..).zip(&vectors) {
        writer.upsert(ordinal, vector).unwrap();
    }
    // The first build is still running, and each wish comes before the one before it is fulfilled.
    writer.publish();
    writer.set_means(&mean, &mean).unwrap();
    writer.set_means(&[], &mean).unwrap();
    writer.settle();
    assert_searches_around(&mut writer, &vectors, [&[], &mean]);
}

#[test]
fn a_query_mean_alone_and_means_of_an_empty_index_hold_at_once() {
    let (vectors, mean) = leaning(1_500);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1_000)).unwrap();
    writer.set_means(&mean, &[]).unwrap();
    assert_eq!(writer.means(), (&mean[..], &[][..]));
    assert_eq!(writer.dimensions(), Some(DIMENSIONS));
    for (ordinal, vector) in (0..).zip(&vectors) {
        writer.upsert(ordinal, vector).unwrap();
    }
    writer.settle();
    writer.set_means(&mean, &mean).unwrap();
    assert!(!writer.is_building());
    assert_searches_around(&mut writer, &vectors, [&mean, &mean]);
}

#[test]
fn a_bad_mean_is_refused_and_changes_nothing() {
    let data = Clustered::new(10, 3, 2, 4);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    data.fill(&mut writer);
    let good = [0.1, 0.2, 0.3];
    for bad in [
        &[0.1, 0.2][..],
        &[0.1, f32::NAN, 0.0],
        &[f32::INFINITY; 3],
        &[1.0, 0.0, 0.0],
    ] {
        for error in [writer.set_means(bad, &good), writer.set_means(&good, bad)] {
            let error: VectorError = error.unwrap_err();
            assert!(error.is_callers_fault(), "{error}");
        }
        writer.settle();
        assert_eq!(writer.means(), (&[][..], &[][..]));
    }
}
