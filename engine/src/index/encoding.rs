//! Encoding items on a thread of its own, batch by batch.

use std::{
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use crate::{
    base::{
        Ordinal,
        error::{Result, SampanError},
        priority::stand_behind_queries,
    },
    encode::{Encoder, MeanSum},
};

/// The means are taken when so many items are encoded; fewer say little of those to come.
const MEANS_FROM_ITEMS: u64 = 1_000;
/// Words whose mean stands for that of queries, at most.
const QUERY_WORDS_MAX: usize = 2_000;

/// A batch that was encoded.
pub struct Encoded {
    pub vectors: Vec<(Ordinal, Vec<f32>)>,
    /// Mean of items and of queries, once enough items say it.
    pub means: Option<(Vec<f32>, Vec<f32>)>,
}

/// A batch that is to be encoded.
struct Texts {
    items: Vec<(Ordinal, String)>,
    /// Whether means are still to be taken.
    with_means: bool,
}

/// The encoder's thread, seen from the indexer. It ends when this is dropped.
pub struct Encoding {
    encoder: Arc<Encoder>,
    texts: Option<mpsc::Sender<Texts>>,
    encoded: mpsc::Receiver<Encoded>,
    /// Items of the batch that the thread has; 0: it waits for one.
    in_work: u64,
    thread: Option<JoinHandle<()>>,
}

impl Encoding {
    /// Starts the thread. `query_words` are texts of the kind that shoppers type.
    pub fn start(encoder: Arc<Encoder>, mut query_words: Vec<String>) -> Result<Self> {
        query_words.truncate(QUERY_WORDS_MAX);
        let (texts, to_encode) = mpsc::channel::<Texts>();
        let (done, encoded) = mpsc::channel();
        let shared = encoder.clone();
        let thread = std::thread::Builder::new()
            .name("encoder".into())
            .spawn(move || {
                stand_behind_queries();
                let mut items = MeanSum::new(shared.dimensions());
                for batch in to_encode {
                    let batch = encode(&shared, batch, &mut items, &query_words);
                    if done.send(batch).is_err() {
                        return;
                    }
                }
            })
            .map_err(SampanError::internal)?;
        Ok(Self {
            encoder,
            texts: Some(texts),
            encoded,
            in_work: 0,
            thread: Some(thread),
        })
    }

    pub fn encoder(&self) -> &Arc<Encoder> {
        &self.encoder
    }

    /// Items of the batch that is being encoded.
    pub fn in_work(&self) -> u64 {
        self.in_work
    }

    /// Hands a batch to the thread, which has none; asks for the means too while they are wanted.
    pub fn give(&mut self, items: Vec<(Ordinal, String)>, with_means: bool) -> Result<()> {
        self.in_work = items.len() as u64;
        let sent = self
            .texts
            .as_ref()
            .is_some_and(|texts| texts.send(Texts { items, with_means }).is_ok());
        if sent { Ok(()) } else { Err(ended()) }
    }

    /// The batch, once it is encoded.
    pub fn finished(&mut self) -> Result<Option<Encoded>> {
        match self.encoded.try_recv() {
            Ok(encoded) => {
                self.in_work = 0;
                Ok(Some(encoded))
            }
            Err(mpsc::TryRecvError::Empty) => Ok(None),
            Err(mpsc::TryRecvError::Disconnected) => Err(ended()),
        }
    }
}

impl Drop for Encoding {
    fn drop(&mut self) {
        self.texts = None;
        if let Some(thread) = self.thread.take() {
            // A batch takes a fraction of a second; a panic has been printed.
            let _ = thread.join();
        }
    }
}

fn ended() -> SampanError {
    SampanError::internal("the encoder's thread has ended")
}

fn encode(encoder: &Encoder, batch: Texts, items: &mut MeanSum, query_words: &[String]) -> Encoded {
    let dimensions = encoder.dimensions();
    let texts: Vec<&str> = batch.items.iter().map(|(_, text)| text.as_str()).collect();
    let flat = encoder.encode(&texts);
    let ordinals = batch.items.iter().map(|(ordinal, _)| *ordinal);
    let vectors: Vec<(Ordinal, Vec<f32>)> = ordinals
        .zip(flat.chunks(dimensions))
        .map(|(ordinal, vector)| (ordinal, vector.to_vec()))
        .collect();
    let mut means = None;
    if batch.with_means {
        vectors.iter().for_each(|(_, vector)| items.add(vector));
        if items.count() >= MEANS_FROM_ITEMS {
            let mut queries = MeanSum::new(dimensions);
            let words: Vec<&str> = query_words.iter().map(String::as_str).collect();
            encoder
                .encode(&words)
                .chunks(dimensions)
                .for_each(|vector| queries.add(vector));
            means = Some((items.mean(), queries.mean()));
            *items = MeanSum::new(dimensions);
        }
    }
    Encoded { vectors, means }
}
